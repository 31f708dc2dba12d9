import { Command, CommanderError } from 'commander';
import { toErrorValue, WorkbenchError, type ErrorCode } from '../../contract/index.ts';
import type { Resources } from '../services/index.ts';
import { addBuildCommands } from './commands/build.ts';
import { addNewCommand } from './commands/new.ts';
import { addPrepareCommand } from './commands/prepare.ts';
import { addRunCommand } from './commands/run.ts';
import { addRunnerCommand } from './commands/runner.ts';
import { addServeCommand } from './commands/serve.ts';
import { EXIT, failure, failureDocument, type ExitStatus } from './output.ts';

/** Failures of a command that are the command line's own. */
const USAGE_ERRORS: ReadonlySet<string> = new Set<ErrorCode>([
  'cli.usage',
  'run.unknown-capability',
  'request.limits',
]);

/** What every command is given. */
export interface Context {
  readonly resources: Resources;
  /** Ends the command with a status; the last call counts. */
  readonly exit: (status: ExitStatus) => void;
}

/**
 * The command line. Resolves to the exit status: 0 good, 1 the answer is no, 2 wrong usage.
 * With `--json` standard output holds exactly one document, also when the command fails.
 */
export async function main(args: readonly string[], resources: Resources): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.good;
  const context: Context = { resources, exit: value => (status = value) };
  const program = new Command('xwb')
    .version(resources.version)
    .description('Scaffold, build, run and serve extensions with no network and no platform.')
    .exitOverride()
    .showHelpAfterError();
  addNewCommand(program, context);
  addBuildCommands(program, context);
  addRunCommand(program, context);
  addRunnerCommand(program, context);
  addServeCommand(program, context);
  addPrepareCommand(program, context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    const json = args.includes('--json');
    if (!(error instanceof CommanderError)) {
      failure(json, error);
      return USAGE_ERRORS.has(toErrorValue(error).code) ? EXIT.usage : EXIT.no;
    }
    if (error.exitCode === 0) return EXIT.good;
    // Commander has told the person already; a program gets its document.
    if (json) failureDocument(new WorkbenchError('cli.usage', { message: error.message, cause: error }));
    return EXIT.usage;
  }
}
