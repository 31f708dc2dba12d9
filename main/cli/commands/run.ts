import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { WorkbenchError, type Header } from '../../../contract/index.ts';
import { dataFolder, openCore, runOnce, type RunResult } from '../../services/index.ts';
import { answer, EXIT, progress, showNotices, showStage } from '../output.ts';
import type { Context } from '../program.ts';

/** The longest time that the runner counts, a day, and the most that a 32-bit memory can hold. */
const MOST_MS = 24 * 60 * 60 * 1000;
const MOST_MIB = 4096;

interface RunFlags {
  readonly path: string;
  readonly method: string;
  readonly query: readonly Header[];
  readonly header: readonly Header[];
  readonly body?: string;
  readonly config: readonly Header[];
  readonly secret: readonly Header[];
  readonly capability: readonly string[];
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  readonly release?: true;
  readonly dataDir?: string;
  readonly json?: true;
}

/** `xwb run <dir|bundle|component>`: one call of the handler. */
export function addRunCommand(program: Command, { resources, exit }: Context): void {
  program
    .command('run <target>')
    .description('call the handler of a project folder, a bundle or a component once')
    .requiredOption('--path <path>', 'path of the request, for example /api/items')
    .option('--method <method>', 'HTTP method', httpMethod, 'GET')
    .option('--query <k=v>', 'query parameter, may repeat', pair, [])
    .option('--header <k=v>', 'request header, may repeat', pair, [])
    .option('--body <text|@file>', 'request body')
    .option('--config <k=v>', 'install configuration, may repeat', pair, [])
    .option('--secret <k=v>', 'install secret, may repeat', pair, [])
    .option(
      '--capability <name>',
      'capability to grant besides the defaults and the declared, for example cap:storage.kv; may repeat',
      collect,
      [],
    )
    .option('--timeout-ms <n>', 'time limit in milliseconds', wholeNumber(MOST_MS))
    .option('--memory-mb <n>', 'memory limit in MiB', wholeNumber(MOST_MIB))
    .option('--release', 'run a project exactly as it is published: no console, no word on what it throws')
    .option('--data-dir <dir>', 'where all data of the workbench lives')
    .option('--json', 'print one JSON document')
    .action(async (target: string, flags: RunFlags) => {
      if (flags.config.length > 0) {
        progress('note: the platform never passes configuration to a handler; it is accepted and not used.');
      }
      const result = await call(target, flags, resources);
      answer(Boolean(flags.json), result, () => resultText(result));
      if (result.error !== null || result.diagnostics.some(isError)) exit(EXIT.no);
    });
}

async function call(target: string, flags: RunFlags, resources: Context['resources']): Promise<RunResult> {
  const dataDir = dataFolder(flags.dataDir);
  const isProject = (await stat(target).catch(() => undefined))?.isDirectory() ?? false;
  // A foreign bundle or component is called in a tenant of its own that is gone afterwards.
  const scratch = isProject ? undefined : await mkdtemp(path.join(tmpdir(), 'xwb-run-'));
  const core = await openCore(scratch ?? dataDir, resources, { cacheDir: path.join(dataDir, 'cache') });
  if (isProject) showNotices(core.notices);
  try {
    return await runOnce(core, {
      target: path.resolve(target),
      method: flags.method,
      path: flags.path,
      query: flags.query,
      headers: flags.header,
      ...(flags.body !== undefined && { body: await bodyOf(flags.body) }),
      secrets: Object.fromEntries(flags.secret.map(({ name, value }) => [name, value])),
      capabilities: flags.capability,
      limits: {
        ...(flags.timeoutMs !== undefined && { timeoutMs: flags.timeoutMs }),
        ...(flags.memoryMb !== undefined && { memoryMb: flags.memoryMb }),
      },
      kind: flags.release ? 'release' : 'development',
      onStage: showStage,
    });
  } finally {
    await core.close();
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
}

async function bodyOf(text: string): Promise<Uint8Array> {
  if (!text.startsWith('@')) return Buffer.from(text);
  const file = text.slice(1);
  return readFile(file).catch((cause: unknown) => {
    throw new WorkbenchError('cli.no-body-file', { details: { file }, cause });
  });
}

function resultText(result: RunResult): string {
  const body = result.body_b64 === null ? '' : Buffer.from(result.body_b64, 'base64').toString('utf8');
  for (const { level, message } of result.logs) progress(`${level}: ${message}`);
  progress(`${result.status}  ${result.durationMs.toFixed(2)} ms  ${result.hostCalls.length} host calls`);
  if (result.error !== null) progress(result.error);
  for (const { severity, message } of result.diagnostics) progress(`${severity}: ${message}`);
  return body;
}

/** The platform could not pass on what such a diagnostic tells of. */
function isError({ severity }: RunResult['diagnostics'][number]): boolean {
  return severity === 'error';
}

function httpMethod(value: string): string {
  if (/^[A-Za-z]+$/.test(value)) return value.toUpperCase();
  throw new InvalidArgumentError('Give an HTTP method such as GET or POST.');
}

function pair(value: string, previous: readonly Header[]): Header[] {
  const at = value.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return [...previous, { name: value.slice(0, at), value: value.slice(at + 1) }];
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

function wholeNumber(most: number): (value: string) => number {
  return value => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`);
  };
}
