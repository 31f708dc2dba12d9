import type { Command } from 'commander';
import { dataFolder, openRunnerService } from '../../services/index.ts';
import { answer, progress } from '../output.ts';
import type { Context } from '../program.ts';
import { port, untilSignal } from '../serving.ts';

interface RunnerFlags {
  readonly dataDir?: string;
  readonly port?: number;
  readonly bundleStore?: string;
  readonly strict?: true;
  readonly json?: true;
}

/** `xwb runner`: the platform's runner protocol alone, until a signal. Debug events go to standard error, one a line. */
export function addRunnerCommand(program: Command, { resources }: Context): void {
  program
    .command('runner')
    .description("serve the platform's runner protocol (POST /v1/execute) on loopback, until interrupted")
    .option('--port <port>', 'loopback port, 0 for a free one (default: PORT, else 8080)', port)
    .option('--bundle-store <folder or URL>', 'where bundles come from (default: BUNDLE_STORE_BASE)')
    .option('--strict', 'mend what will hurt, and name each deviation in the diagnostics of the answer')
    .option('--data-dir <dir>', 'where all data of the workbench lives')
    .option('--json', 'print one JSON document once it listens')
    .action(async (flags: RunnerFlags) => {
      const runner = await openRunnerService({
        dataDir: dataFolder(flags.dataDir),
        resources,
        ...(flags.port !== undefined && { port: flags.port }),
        ...(flags.bundleStore !== undefined && { bundleStore: flags.bundleStore }),
        posture: flags.strict ? 'strict' : 'faithful',
        onDebug: event => progress(JSON.stringify(event)),
      });
      try {
        const stopped = untilSignal();
        for (const name of runner.withoutEffect) progress(`note: ${name} is set, but has no effect here.`);
        answer(Boolean(flags.json), { url: runner.url }, () => `${runner.url}\nStop with Ctrl-C.`);
        await stopped;
      } finally {
        await runner.close();
      }
    });
}
