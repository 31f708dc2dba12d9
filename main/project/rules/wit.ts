import { readFile } from 'node:fs/promises';
import { WorkbenchError } from '../../../contract/index.ts';
import { asWorkbenchError } from '../files.ts';
import {
  finding,
  type FileEdit,
  type Finding,
  type FixResources,
  type Inspection,
  type SourceFile,
} from '../finding.ts';
import { syntaxFaults, unknownFunctions, type WitFault } from '../scan/wit.ts';

/** The project's own component world: whether it can be parsed and fits the runner (spec 3.7, 11.3). */
export function witRules({ sources }: Inspection): Finding[] {
  return sources
    .filter(file => /^wit\/[^/]+\.wit$/.test(file.path))
    .flatMap(source => {
      const broken = syntaxFaults(source.text);
      const strange = unknownFunctions(source.text);
      if (broken[0] !== undefined)
        return [report(source, 'project.invalid-wit', 'does not parse', broken[0], broken.length)];
      if (strange[0] !== undefined)
        return [
          report(source, 'project.wit-mismatch', 'does not fit the runner', strange[0], strange.length),
        ];
      return [];
    });
}

function report(source: SourceFile, code: string, what: string, first: WitFault, count: number): Finding {
  const more = count === 1 ? '' : ` (and ${count - 1} more)`;
  return finding({
    code,
    severity: 'error',
    message: `${source.path} ${what}: ${first.reason}${more}.`,
    source,
    offset: first.offset,
    help: 'The workbench builds with its own copy of the world, but the official tools read this one.',
    fix: {
      title: "Replace it by the workbench's world",
      edits: resources => replaceWorld(source, resources),
    },
  });
}

async function replaceWorld(source: SourceFile, { witFile }: FixResources): Promise<FileEdit[]> {
  if (witFile === undefined)
    throw new WorkbenchError('project.missing-resource', { details: { resource: 'witFile' } });
  try {
    return [{ file: source.path, content: await readFile(witFile, 'utf8') }];
  } catch (error) {
    throw asWorkbenchError(error, 'project.missing-resource', witFile);
  }
}
