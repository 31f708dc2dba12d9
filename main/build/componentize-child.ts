/**
 * Runs componentize-js in a process of its own: it executes WebAssembly in V8, which must never happen in the
 * application's processes, and a cancel can end it at any point. One request comes over the IPC channel, one reply
 * goes back; see `componentize-protocol.ts`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  ComponentizeRequest,
  DISABLED_FEATURES,
  GUARD,
  type ComponentizeReply,
} from './componentize-protocol.ts';
import { isDiskFull } from './disk-full.ts';
import { makeToolImportable } from './tool-hooks.ts';

makeToolImportable();

process.once('message', message => {
  void answer(message);
});
// The workbench is gone: nobody waits for the result.
process.once('disconnect', () => process.exit(1));

async function answer(message: unknown): Promise<void> {
  const reply = await run(ComponentizeRequest.parse(message));
  process.send?.(reply, () => process.exit(0));
}

async function run(request: ComponentizeRequest): Promise<ComponentizeReply> {
  try {
    const component = await componentizeFile(request, request.source);
    await writeFile(request.output, component);
    return { ok: true, bytes: component.byteLength };
  } catch (error) {
    const message = textOf(error);
    const guarded = needsGuard(message) && { guarded: await guardedMessage(request) };
    return { ok: false, message, full: isDiskFull(error), ...guarded };
  }
}

async function componentizeFile({ wit, world }: ComponentizeRequest, source: string): Promise<Uint8Array> {
  const tool = await import('@bytecodealliance/componentize-js');
  const options = {
    sourcePath: source,
    // The text, not a path: the file access of the splicer's WASI layer sees no folders.
    witWorld: wit,
    worldName: world,
    disableFeatures: [...DISABLED_FEATURES],
  };
  const { component } = await tool.componentize(options);
  return component;
}

/** A trap says nothing about where; an exception does. */
function needsGuard(message: string): boolean {
  return message.includes('trapped') && !message.includes('Exception while evaluating top-level script');
}

async function guardedMessage(request: ComponentizeRequest): Promise<string> {
  const guarded = path.join(path.dirname(request.source), 'guarded.js');
  await writeFile(guarded, `${GUARD}\n${await readFile(request.source, 'utf8')}`);
  try {
    await componentizeFile(request, guarded);
    return '';
  } catch (error) {
    return textOf(error);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
