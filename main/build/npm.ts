import path from 'node:path';
import type { Problem } from '../../contract/index.ts';
import { StageFailure, type Log } from './build-run.ts';
import { runProcess, type ProcessOutcome } from './child-process.ts';
import { isFile } from './files.ts';
import type { Toolchain } from './options.ts';

/**
 * Runs the npm of the machine in a project, no shell between. Its own failure is an outcome; throws `StageFailure`
 * when there is no npm, `build.cancelled` on abort.
 */
export async function runNpm(
  folder: string,
  args: readonly string[],
  toolchain: Toolchain,
  signal: AbortSignal,
  log: Log,
): Promise<ProcessOutcome> {
  const npm = await findNpm(toolchain);
  if (!npm) throw new StageFailure([noNpm]);
  const env = { ...projectEnvironment(process.env), ...npm.env };
  return await runProcess(
    { command: npm.command, args: [...npm.args, ...args], cwd: folder, env },
    signal,
    log,
  );
}

/** What npm said went wrong, without its prefixes and its hints about log files. */
export function npmReason(output: string): string {
  const lines = output
    .split('\n')
    .filter(line => /^npm (?:error|ERR!)/.test(line))
    .map(line => line.replace(/^npm (?:error|ERR!)\s?(?:\d{3}\b)?/, '').trim())
    .filter(
      line => line !== '' && !/^(?:code|errno|syscall|A complete log|Log files|path|command)\b/.test(line),
    );
  const reason = lines.slice(0, 3).join(' ');
  return reason === '' ? (output.trim().split('\n').at(-1) ?? '') : reason;
}

/**
 * The environment for a project's own tools: the machine's, without what belongs to the process that we are
 * (Electron's switches, the npm that started us, its package and life cycle).
 */
export function projectEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours =
    /^(?:ELECTRON_|NODE_OPTIONS$|NODE_ENV$|NODE_CHANNEL_|INIT_CWD$|VITEST|npm_(?:package|lifecycle)_)/;
  const npmOwn =
    /^npm_(?:command|execpath|node_execpath|config_(?:local_prefix|prefix|global_prefix|user_agent))$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name) && !npmOwn.test(name)));
}

interface Npm {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const noNpm: Problem = {
  code: 'build.npm-missing',
  severity: 'error',
  message: 'npm is needed for this project and was not found.',
  help: 'Install Node.js, which brings npm, and start Extension Workbench again.',
};

/** npm is a script: Windows cannot start it without a shell, so its JavaScript is run there. */
async function findNpm(toolchain: Toolchain): Promise<Npm | undefined> {
  const windows = process.platform === 'win32';
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean)) {
    if (!windows) {
      const command = path.join(folder, 'npm');
      if (await isFile(command)) return { command, args: [], env: {} };
      continue;
    }
    const script = path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
    if (await isFile(script)) return { command: toolchain.nodePath, args: [script], env: toolchain.nodeEnv };
  }
  return undefined;
}
