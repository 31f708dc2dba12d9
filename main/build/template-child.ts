/**
 * Makes the ingredients of an engine template with the official tool, in a process of its own as `componentize-child`:
 * one build of an empty handler, of which the steps' results are kept. One request comes over the IPC channel,
 * progress and one reply go back; see `engine-template/protocol.ts`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toolFoundDiskFull } from './disk-full.ts';
import { recordSteps, type RecordedSteps } from './engine-template/recorder.ts';
import { initialEnvironment } from './engine-template/environment.ts';
import {
  INGREDIENTS,
  TemplateRequest,
  type TemplateProgress,
  type TemplateReply,
} from './engine-template/protocol.ts';
import { makeToolImportable } from './tool-hooks.ts';

makeToolImportable();

process.once('message', message => {
  void answer(message);
});
// The workbench is gone: nobody waits for the result.
process.once('disconnect', () => process.exit(1));

/** The world's exports must be there; what they do is left to the source that comes later. */
const EMPTY_HANDLER = 'export function handler() {}\n';

async function answer(message: unknown): Promise<void> {
  const reply = await run(TemplateRequest.parse(message));
  process.send?.(reply, () => process.exit(0));
}

async function run(request: TemplateRequest): Promise<TemplateReply> {
  try {
    await make(request);
    return { ok: true };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message, full: toolFoundDiskFull(error) };
  }
}

async function make(request: TemplateRequest): Promise<void> {
  tell('Joining engine and interfaces');
  const tool = await import('@bytecodealliance/componentize-js');
  const recorded = await recordSteps(request.madeAtMs, tell);
  const source = path.resolve('handler.js');
  await writeFile(source, EMPTY_HANDLER);
  const options = {
    sourcePath: source,
    // The text, not a path: the file access of the splicer's WASI layer sees no folders.
    witWorld: request.wit,
    worldName: request.world,
    disableFeatures: request.disabledFeatures,
  };
  const { component } = await tool.componentize(options);
  await write(request, recorded(), component);
}

async function write(request: TemplateRequest, steps: RecordedSteps, component: Uint8Array): Promise<void> {
  const { preview1AdapterReactorPath } = await import('@bytecodealliance/jco');
  const { spliced, stubbed } = steps;
  const { key, madeAtMs, disabledFeatures } = request;
  const environment = initialEnvironment(spliced, !disabledFeatures.includes('clocks'));
  const files: [string, string | Uint8Array][] = [
    [INGREDIENTS.engine, spliced.wasm],
    [INGREDIENTS.initializer, spliced.jsBindings],
    [INGREDIENTS.stubbed, stubbed],
    [INGREDIENTS.component, component],
    [INGREDIENTS.adapter, await readFile(preview1AdapterReactorPath())],
    [INGREDIENTS.recipe, JSON.stringify({ key, madeAtMs, environment })],
  ];
  for (const [name, content] of files) await writeFile(path.join(request.folder, name), content);
}

function tell(progress: string): void {
  process.send?.({ progress } satisfies TemplateProgress);
}
