import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { componentEmbed, componentNew, parse, print } from '@bytecodealliance/jco';
import { root } from '../support/workbench.ts';

/** Where the guest's scratch memory, its answer and its heap are. */
const RESULTS = 4096;
const ANSWER = 32_768;
const HEAP = 65_536;
/** `{status: 200, headers: [], body: none}` in the layout of the component model. */
const ANSWER_BYTES = `\\c8${'\\00'.repeat(23)}`;

/** Text of the world in a folder of `wit/`. */
export function witOf(version: string): Promise<string> {
  return readFile(path.join(root, 'wit', 'alga-extension', version, 'extension-runner.wit'), 'utf8');
}

/**
 * A component of a world, without any JavaScript: its handler calls every function that the world imports once, with
 * empty arguments, and answers 200. Made in some milliseconds, where the official tool takes as many seconds.
 */
export function callEverything(wit: string): Promise<Uint8Array> {
  return guestOf(wit, text => {
    const types = new Map(
      [...text.matchAll(/\(type \(;(\d+);\) \(func(.*)\)\)/g)].map(([, id, type]) => [id, type]),
    );
    return [...text.matchAll(/\(import "([^"]*)" .* \(func \(;(\d+);\) \(type (\d+)\)\)\)/g)]
      .map(([, module = '', func = '', type]) =>
        callOf(func, types.get(type) ?? '', module.endsWith('/logging')),
      )
      .join('\n');
  });
}

/**
 * A component whose handler does what a text of WebAssembly instructions says and then answers {@link setStatus}'s
 * status, 200 if it was not used. Imported functions have the numbers of their order in the world.
 */
export async function guestOf(wit: string, bodyOf: (module: string) => string): Promise<Uint8Array> {
  const dummy = await componentEmbed({
    dummy: true,
    witSource: wit,
    world: 'runner',
    stringEncoding: 'utf8',
  });
  const text = await print(dummy);
  const memory = `(memory (;0;) 64)\n(global $heap (mut i32) (i32.const ${HEAP}))`;
  const module = text
    .replace('(memory (;0;) 0)', memory)
    .replace('unreachable', `${bodyOf(text)}\ni32.const ${ANSWER}`)
    .replace('unreachable', REALLOC)
    .replace('(@custom', `(data (i32.const ${ANSWER}) "${ANSWER_BYTES}")\n(@custom`);
  return componentNew(await parse(module));
}

/** Instructions that give the answer an empty body, which is not the same as none. */
export const SET_EMPTY_BODY = `i32.const ${ANSWER + 12}\ni32.const 1\ni32.store8`;

/** Instructions around a number: it becomes the status of the answer. */
export function setStatus(number: string): string {
  return `i32.const ${ANSWER}\n${number}\ni32.store16`;
}

/** Zeros for every parameter but the last: that is where a function with a result writes it. */
function callOf(func: string, type: string, hasNoResult: boolean): string {
  const params = (/\(param ([^)]*)\)/.exec(type)?.[1] ?? '').split(' ').filter(param => param !== '');
  const values = params.map((param, at) =>
    !hasNoResult && at === params.length - 1 ? `i32.const ${RESULTS}` : `${param}.const 0`,
  );
  return [...values, `call ${func}`].join('\n');
}

/** Hands out memory upwards, in steps of eight bytes, and never takes any back. */
const REALLOC = `
  global.get $heap
  global.get $heap
  local.get 3
  i32.add
  i32.const 7
  i32.add
  i32.const -8
  i32.and
  global.set $heap`;

/** Builds a JavaScript handler with the official tool and nothing switched off, in a process of its own. */
export async function componentize(wit: string, source: string, output: string): Promise<void> {
  await writeFile(`${output}.js`, source);
  await writeFile(`${output}.wit`, wit);
  const worker = path.join(import.meta.dirname, 'componentize.testing.ts');
  const child = spawn(process.execPath, [worker, `${output}.js`, `${output}.wit`, output], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`componentize ended with ${status}: ${said}`);
}
