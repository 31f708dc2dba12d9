import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initialMemoryMib } from './memory-need.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'memory-need-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const MODULE = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const COMPONENT = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0];
const section = (id: number, content: readonly number[]): number[] => [id, content.length, ...content];
/** A module with memories that begin with so many pages; those above 127 take two bytes. */
const moduleOf = (...memories: readonly number[][]): number[] => [
  ...MODULE,
  ...section(5, [memories.length, ...memories.flat()]),
];

test.each<[string, number[], number | undefined]>([
  ['one memory, rounded up', [...COMPONENT, ...section(1, moduleOf([0, 17]))], 2],
  [
    'a memory with a maximum before a larger one',
    [...COMPONENT, ...section(1, moduleOf([1, 1, 2], [0, 0xa0, 1]))],
    10,
  ],
  [
    'the larger of two modules',
    [...COMPONENT, ...section(1, moduleOf([0, 16])), ...section(1, moduleOf([0, 48]))],
    3,
  ],
  ['a component inside', [...COMPONENT, ...section(4, [...COMPONENT, ...section(1, moduleOf([0, 32]))])], 2],
  ['no memory', [...COMPONENT, ...section(1, MODULE)], undefined],
  ['a core module', moduleOf([0, 16]), undefined],
  ['half a component', [...COMPONENT, 1, 0x80], undefined],
  ['nothing', [], undefined],
])('%s', async (name, bytes, expected) => {
  const file = join(dir, `${name}.wasm`);
  await writeFile(file, Uint8Array.from(bytes));
  expect(await initialMemoryMib(file)).toBe(expected);
});

test('a file that is not there needs nothing', async () => {
  expect(await initialMemoryMib(join(dir, 'nowhere.wasm'))).toBeUndefined();
});
