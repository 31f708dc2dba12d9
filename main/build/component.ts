import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../contract/index.ts';
import { StageFailure, throwIfCancelled, type BuildRun, type Log, type Made } from './build-run.ts';
import { ended, ownGroup } from './child-process.ts';
import { componentProblem } from './component-problems.ts';
import { ComponentizeReply, DISABLED_FEATURES, type ComponentizeRequest } from './componentize-protocol.ts';
import { hashFile, hashParts, isFolder, removeLeftovers } from './files.ts';
import type { BundledHandler } from './handler.ts';
import { WORLD_NAME, type World } from './world.ts';

const FORMAT = 'component-1';
const WASM = 'main.wasm';

const WORK_PREFIX = 'xwb-component-';

/** Longer than any source needs; an endless loop outside functions would otherwise never end. */
const TIMEOUT_MS = 180_000;

/**
 * Makes the bundled handler a component for the world `runner`, all engine features left out as official builds do
 * (spec/alga-platform.md 3.1, 3.6, 11.2 rule 8), in a child process. The same module, WIT and tool give the component
 * that was made the first time: the tool itself puts the time and random seeds into each one it makes.
 *
 * @param entry the author's file that exports the handler, relative to the project
 * @returns path of the component, in the cache
 * @throws StageFailure with the reason at its place in the author's source; `build.cancelled`
 */
export async function makeComponent(
  run: BuildRun,
  entry: string,
  handler: BundledHandler,
  world: World,
  log: Log,
): Promise<Made<string>> {
  const key = await keyOf(run, handler, world);
  const found = await run.artifacts.find('component', key);
  if (found !== undefined) return { value: path.join(found, WASM), cached: true };
  const made = await run.artifacts.create('component', key, async staging => {
    const reply = await inWorkFolder(async work => {
      const source = path.join(work, 'handler.js');
      await copyFile(handler.jsFile, source);
      const output = path.join(staging, WASM);
      return await componentize(run, { source, wit: world.wit, world: WORLD_NAME, output }, log);
    });
    if (!reply.ok) throw new StageFailure([await problemOf(run, entry, handler, world, reply)]);
  });
  return { value: path.join(made, WASM), cached: false };
}

async function problemOf(
  { folder }: BuildRun,
  entry: string,
  { mapFile }: BundledHandler,
  { ownFile }: World,
  { message, guarded }: Extract<ComponentizeReply, { ok: false }>,
): Promise<Problem> {
  return await componentProblem({
    folder,
    entry,
    mapFile,
    message,
    ...(ownFile !== undefined && { witFile: ownFile }),
    ...(guarded !== undefined && { guarded }),
  });
}

async function componentize(
  { toolchain, signal }: BuildRun,
  request: ComponentizeRequest,
  log: Log,
): Promise<ComponentizeReply> {
  throwIfCancelled(signal);
  const work = path.dirname(request.source);
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const child = spawn(toolchain.nodePath, [toolchain.componentizeWorker], {
    cwd: work,
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: work, TEMP: work, TMP: work, ...toolchain.nodeEnv },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...ownGroup,
  });
  let reply: ComponentizeReply | undefined;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.once('message', message => {
    reply = ComponentizeReply.safeParse(message).data;
  });
  // A child that cannot start says so through `error`; the message it did not get is not news.
  child.send(request, () => undefined);
  const status = await ended(child, AbortSignal.any([signal, deadline])).catch((error: unknown) => {
    if (signal.aborted || !deadline.aborted) throw error;
    throw new StageFailure([timeoutProblem()]);
  });
  if (output.trim() !== '') log(output.trim());
  if (!reply)
    throw new Error(`The component tool ended without an answer (status ${status ?? 'killed'}).\n${output}`);
  if (!reply.ok) log(reply.message);
  return reply;
}

function timeoutProblem(): Problem {
  return {
    code: 'build.component-timeout',
    severity: 'error',
    message: `The handler's module did not finish loading within ${TIMEOUT_MS / 1000} seconds.`,
    help: 'Code outside functions runs at build time: look for a loop there that never ends.',
  };
}

/** The tool splits its arguments at spaces, so it works in a folder whose path has none. */
async function inWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const place = await folderWithoutSpaces();
  await removeLeftovers(place, [WORK_PREFIX]);
  const folder = await mkdtemp(path.join(place, WORK_PREFIX));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function folderWithoutSpaces(): Promise<string> {
  const places =
    process.platform === 'win32'
      ? [tmpdir(), `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\Temp`]
      : [tmpdir(), '/tmp', '/var/tmp'];
  for (const place of places) if (!/\s/.test(place) && (await isFolder(place))) return place;
  return tmpdir();
}

const Package = z.object({ version: z.string() });

async function keyOf({ toolchain }: BuildRun, handler: BundledHandler, world: World): Promise<string> {
  const file = path.join(toolchain.modulesDir, '@bytecodealliance', 'componentize-js', 'package.json');
  const { version } = Package.parse(JSON.parse(await readFile(file, 'utf8')));
  return hashParts([
    FORMAT,
    version,
    WORLD_NAME,
    ...DISABLED_FEATURES,
    world.wit,
    await hashFile(handler.jsFile),
  ]);
}
