import { spawn, type ChildProcess } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { WorkbenchError } from '../../contract/index.ts';
import { throwIfCancelled } from './build-run.ts';

/** How much of a process's output is kept for the report of its failure, in characters. */
const KEPT_OUTPUT = 64 * 1024;

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface ProcessOutcome {
  /** Exit status; absent when a signal ended the process. */
  readonly status?: number;
  /** The end of what it wrote to standard output and standard error. */
  readonly output: string;
}

/**
 * Runs a program, no shell between, and waits for its end. A status other than 0 is an outcome, not an error.
 *
 * @param onLine each line of output as it comes, without colours
 * @throws `build.cancelled` on abort, once the process and all it started are told to end; the spawn's own error
 *   when the program cannot be started
 */
export async function runProcess(
  command: Command,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<ProcessOutcome> {
  throwIfCancelled(signal);
  const child = spawn(command.command, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...ownGroup,
  });
  let output = '';
  const collect = (coloured: string): void => {
    const line = stripVTControlCharacters(coloured);
    output = `${output}${line}\n`.slice(-KEPT_OUTPUT);
    onLine(line);
  };
  const splitters = [child.stdout, child.stderr].map(stream => {
    const splitter = lineSplitter(collect);
    stream.setEncoding('utf8').on('data', splitter.push);
    return splitter;
  });
  const status = await ended(child, signal);
  for (const splitter of splitters) splitter.flush();
  return { ...(status !== null && { status }), output };
}

/** A process group of its own, so that a cancel reaches what the process started as well. */
export const ownGroup = { detached: process.platform !== 'win32', windowsHide: true } as const;

/** Resolves to the exit status (null after a signal) when the child is gone and its output is read. */
export async function ended(child: ChildProcess, signal: AbortSignal): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const onAbort = (): void => killGroup(child);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  child.once('error', reject);
  child.once('close', resolve);
  try {
    const status = await promise;
    if (signal.aborted) throw new WorkbenchError('build.cancelled', { cause: signal.reason });
    return status;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Ends a child of {@link ownGroup} and all it started, at once. */
export function killGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], {
      stdio: 'ignore',
      windowsHide: true,
    });
    killer.once('error', () => child.kill());
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function lineSplitter(onLine: (line: string) => void): { push: (chunk: string) => void; flush: () => void } {
  let rest = '';
  return {
    push(chunk) {
      const lines = (rest + chunk).split(/\r?\n/);
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    },
    flush() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
