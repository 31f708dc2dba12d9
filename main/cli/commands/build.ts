import { copyFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { WorkbenchError, type BuildResult } from '../../../contract/index.ts';
import { buildAndInstall, checkProject, dataFolder, openCore } from '../../services/index.ts';
import { answer, EXIT, problemText, progress, showNotices, showStage } from '../output.ts';
import type { Context } from '../program.ts';

interface BuildFlags {
  readonly json?: true;
  readonly dataDir?: string;
}

/** `xwb check`, `xwb build` and `xwb pack`. */
export function addBuildCommands(program: Command, { resources, exit }: Context): void {
  program
    .command('check <dir>')
    .description('list the problems of an extension')
    .option('--data-dir <dir>', 'accepted by every command; checking needs no data')
    .option('--json', 'print one JSON document')
    .action(async (dir: string, options: BuildFlags) => {
      const result = await checkProject(path.resolve(dir));
      answer(Boolean(options.json), result, () => problemText(result.problems) || 'No problems.');
      if (!result.ok) exit(EXIT.no);
    });

  const build = async (dir: string, options: BuildFlags): Promise<BuildResult> => {
    const core = await openCore(dataFolder(options.dataDir), resources);
    showNotices(core.notices);
    try {
      const { result } = await buildAndInstall(
        path.resolve(dir),
        { registry: core.registry },
        {
          ...core.build,
          onStage: showStage,
        },
      );
      return result;
    } finally {
      await core.close();
    }
  };

  program
    .command('build <dir>')
    .description('build an extension and install it for the local tenant')
    .option('--data-dir <dir>', 'where all data of the workbench lives')
    .option('--json', 'print one JSON document')
    .action(async (dir: string, options: BuildFlags) => {
      const result = await build(dir, options);
      answer(Boolean(options.json), result, () => summary(result));
      if (!result.ok) exit(EXIT.no);
    });

  program
    .command('pack <dir>')
    .description('build an extension and write its bundle to a file')
    .requiredOption('-o, --out <file>', 'the bundle to write')
    .option('--data-dir <dir>', 'where all data of the workbench lives')
    .option('--json', 'print one JSON document')
    .action(async (dir: string, options: BuildFlags & { out: string }) => {
      const out = path.resolve(options.out);
      await requireFolder(path.dirname(out));
      const result = await build(dir, options);
      if (!result.bundle) {
        progress(problemText(result.problems));
        throw new WorkbenchError('build.failed', { details: { problems: result.problems } });
      }
      await copyFile(result.bundle.path, `${out}.new`);
      await rename(`${out}.new`, out);
      const packed = { ...result.bundle, path: out };
      answer(
        Boolean(options.json),
        packed,
        () => `${packed.path}\n${packed.bytes} bytes  ${packed.contentHash}`,
      );
    });
}

/** Known before a whole build: the bundle would have nowhere to go. */
async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new WorkbenchError('cli.no-folder', { details: { folder } });
}

function summary(result: BuildResult): string {
  const problems = problemText(result.problems);
  const outcome = result.bundle
    ? `Built ${result.bundle.path}\n${result.bundle.bytes} bytes  ${result.bundle.contentHash}`
    : 'The build failed.';
  return problems ? `${problems}\n${outcome}` : outcome;
}
