import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
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
import { closingBracket, maskSource, splitAtCommas } from '../scan/source.ts';

/** Files of `templates/_shared` that make up the adapter. */
const ADAPTER_FILES = ['host-bindings.ts', 'alga-extension.d.ts'] as const;
const ADAPTER = 'host-bindings';
/** What the author's function is called once `handler` is the adapted one. */
const INNER_NAME = 'handlerWithHost';

interface TwoArgumentHandler {
  /** Range of `export … handler`, from `export` to the end of the name. */
  readonly declaration: { readonly start: number; readonly end: number };
  /** The same without `export` and with {@link INNER_NAME}. */
  readonly renamed: string;
  readonly hostParameter: number;
}

/** The handler's signature: the platform passes the request and nothing else (spec 3.6, 11.4). */
export function handlerRules({ project, sources }: Inspection): Finding[] {
  const source = sources.find(file => file.path === project.handlerEntry);
  const handler = source && findTwoArguments(source.text);
  if (source === undefined || handler === undefined) return [];
  return [
    finding({
      code: 'project.host-argument',
      severity: 'error',
      message:
        'The handler expects a second argument, which the platform never passes: it is undefined at runtime.',
      source,
      offset: handler.hostParameter,
      help: 'Make the host bindings from the `alga:extension/…` modules. The adapter does that for the whole of the SDK.',
      fix: {
        title: 'Add the adapter and wrap the handler',
        edits: resources => wrap(source, handler, resources),
      },
    }),
  ];
}

/** The exported function `handler`, when it uses a second parameter that has no default. */
function findTwoArguments(text: string): TwoArgumentHandler | undefined {
  const { code } = maskSource(text);
  const asFunction = /\bexport\s+((?:async\s+)?function\s+)handler\s*(?:<[^(]*>)?\s*(?=\()/.exec(code);
  const asConstant =
    /\bexport\s+((?:const|let)\s+)handler\b(?:[^=;]|=>)*=(?!>)\s*(?:async\s+)?(?:function\b\s*\w*\s*)?(?:<[^(]*>)?\s*(?=\()/.exec(
      code,
    );
  const match = asFunction ?? asConstant;
  if (match === null) return undefined;
  const open = match.index + match[0].length;
  const close = closingBracket(code, open);
  if (close === undefined) return undefined;
  const second = splitAtCommas(code, open + 1, close - 1)[1];
  if (second === undefined || /=(?!>)/.test(second.text) || !isUsed(second.text, code.slice(close)))
    return undefined;
  const nameEnd = match.index + match[0].indexOf('handler') + 'handler'.length;
  return {
    declaration: { start: match.index, end: nameEnd },
    renamed: `${match[1] ?? ''}${INNER_NAME}`,
    hostParameter: second.start + (second.text.length - second.text.trimStart().length),
  };
}

function isUsed(parameter: string, body: string): boolean {
  const name = /^\s*([\w$]+)/.exec(parameter)?.[1];
  return name === undefined || new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(body);
}

async function wrap(
  source: SourceFile,
  handler: TwoArgumentHandler,
  resources: FixResources,
): Promise<FileEdit[]> {
  const { text } = source;
  const folder = dirname(source.path);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const { start, end } = handler.declaration;
  const renamed = text.slice(0, start) + handler.renamed + text.slice(end);
  const at = importOffset(text);
  const withImport = `${renamed.slice(0, at)}import { withHost } from '${specifier(text)}';${eol}${renamed.slice(at)}`;
  const content = `${withImport.trimEnd()}${eol}${eol}export const handler = withHost(${INNER_NAME});${eol}`;
  const adapter = await adapterFiles(folder, resources);
  return [...adapter, { file: source.path, content }];
}

/** Before the first import, or at the very top: never inside a leading comment or after a directive. */
function importOffset(text: string): number {
  return /^import\b/m.exec(maskSource(text).code)?.index ?? 0;
}

/** The adapter's name as the file writes its other relative imports. */
function specifier(text: string): string {
  const other = /from\s+['"]\.{1,2}\/[^'"]*?(\.[cm]?[jt]sx?)?['"]/.exec(text);
  const extension = other === null || other[1] === '.js' ? '.js' : (other[1] ?? '');
  return `./${ADAPTER}${extension}`;
}

async function adapterFiles(folder: string, { templatesDir }: FixResources): Promise<FileEdit[]> {
  if (templatesDir === undefined) {
    throw new WorkbenchError('project.missing-resource', { details: { resource: 'templatesDir' } });
  }
  return Promise.all(
    ADAPTER_FILES.map(async name => {
      const path = join(templatesDir, '_shared', name);
      try {
        return { file: posix.join(folder, name), content: await readFile(path, 'utf8') };
      } catch (error) {
        throw asWorkbenchError(error, 'project.missing-resource', path);
      }
    }),
  );
}
