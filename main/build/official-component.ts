import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { WorkbenchError } from '../../contract/index.ts';
import { StageFailure, type BuildRun, type Log, type Made } from './build-run.ts';
import { ComponentizeReply, DISABLED_FEATURES, type ComponentizeRequest } from './componentize-protocol.ts';
import { failedComponent, timeoutProblem, type ComponentSource } from './component-source.ts';
import { componentProblem } from './component-problems.ts';
import { hashParts } from './files.ts';
import { WORLD_NAME } from './world.ts';
import { inWorkFolder } from './work-folder.ts';
import { askProcess } from './worker-process.ts';

const FORMAT = 'component-1';
export const WASM = 'main.wasm';

/** Longer than any source needs; an endless loop outside functions would otherwise never end. */
const TIMEOUT_MS = 180_000;

/**
 * Makes the bundled handler a component with the official tool, in a child process. The same module, WIT and tool give
 * the component that was made the first time: the tool itself puts the time and random seeds into each one it makes.
 *
 * @returns path of the component, in the cache
 * @throws StageFailure with the reason at its place in the author's source; `build.cancelled`
 */
export async function makeOfficially(run: BuildRun, made: ComponentSource, log: Log): Promise<Made<string>> {
  const { handler, world } = made;
  const key = await keyOf(run, made);
  const found = await run.artifacts.find('component', key);
  if (found !== undefined) return { value: path.join(found, WASM), cached: true };
  const folder = await run.artifacts.create('component', key, async staging => {
    const reply = await inWorkFolder(async work => {
      const source = path.join(work, 'handler.js');
      await writeFile(source, handler.js);
      const output = path.join(staging, WASM);
      return await componentize(run, { source, wit: world.wit, world: WORLD_NAME, output }, log);
    });
    if (reply.ok) return;
    const { message, guarded, full } = reply;
    if (full) throw new WorkbenchError('build.disk-full', { details: { detail: message } });
    throw new StageFailure([await componentProblem(failedComponent(run, made, message, guarded))]);
  });
  return { value: path.join(folder, WASM), cached: false };
}

async function componentize(
  { toolchain, signal }: BuildRun,
  request: ComponentizeRequest,
  log: Log,
): Promise<ComponentizeReply> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const reply = await askProcess({
      toolchain,
      script: toolchain.componentizeWorker,
      folder: path.dirname(request.source),
      request,
      reply: ComponentizeReply,
      signal: AbortSignal.any([signal, deadline]),
      onOutput: log,
    });
    if (!reply.ok) log(reply.message);
    return reply;
  } catch (error) {
    if (signal.aborted || !deadline.aborted) throw error;
    throw new StageFailure([timeoutProblem(TIMEOUT_MS)]);
  }
}

const Package = z.object({ version: z.string() });

async function keyOf({ toolchain }: BuildRun, { handler, world }: ComponentSource): Promise<string> {
  const file = path.join(toolchain.modulesDir, '@bytecodealliance', 'componentize-js', 'package.json');
  const { version } = Package.parse(JSON.parse(await readFile(file, 'utf8')));
  return hashParts([FORMAT, version, WORLD_NAME, ...DISABLED_FEATURES, world.wit, handler.js]);
}
