import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { ServeDocument, type Served } from './documents.ts';

export const root = path.resolve(import.meta.dirname, '..', '..');
export const cliFile = path.join(root, 'out', 'main', 'cli.js');

/** A folder of the test's own, gone afterwards. A space in its name keeps careless quoting from passing. */
export async function temporaryFolder(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xwb test-'));
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], dataDir: string): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [cliFile, ...args], { env: { ...process.env, XWB_DATA_DIR: dataDir } });
}

/** Runs the built command line to its end. */
export async function xwb(dataDir: string, ...args: readonly string[]): Promise<CliResult> {
  const child = start(args, dataDir);
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

/** Runs the command line with `--json`; standard output must be exactly one document. */
export async function xwbJson<T>(
  document: z.ZodType<T>,
  dataDir: string,
  ...args: readonly string[]
): Promise<CliResult & { json: T }> {
  const result = await xwb(dataDir, ...args, '--json');
  try {
    return { ...result, json: document.parse(JSON.parse(result.stdout)) };
  } catch (cause) {
    throw new Error(`Not the one JSON document expected: ${result.stdout}\n${result.stderr}`, { cause });
  }
}

/** Starts `xwb serve` and waits for its line; disposing ends it with a signal and checks that it went in peace. */
export async function serve(
  dataDir: string,
  ...dirs: readonly string[]
): Promise<{ served: Served; [Symbol.asyncDispose](): Promise<void> }> {
  const child = start(['serve', ...dirs, '--json'], dataDir);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => text as string),
    exited.then(([status]) => {
      throw new Error(`xwb serve ended with ${status}: ${stderr}`);
    }),
  ]);
  return {
    served: ServeDocument.parse(JSON.parse(line)),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
