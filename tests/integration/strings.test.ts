import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Execution } from '../../contract/index.ts';
import { createRunner, type Runner } from '../../main/runner/index.ts';
import { root } from '../support/workbench.ts';
import { guestOf, witOf } from './guest.testing.ts';
import { callWithBroken, functionsOf, stringsOf, type WorldFunction } from './strings.testing.ts';

const wit = await witOf('2026-08');
const STRINGS = functionsOf(wit).flatMap(func =>
  Array.from({ length: stringsOf(func) }, (_, at) => [`${func.interface}.${func.name}`, at, func] as const),
);

/** Breaks none of the strings. */
const NONE = -1;

let folder: string;
let runner: Runner;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xwb-strings-'));
  const addonPath = path.join(root, 'native', 'binding', 'xwb-native.node');
  runner = createRunner({ addonPath, cacheDir: path.join(folder, 'compiled') });
});
afterAll(async () => {
  await runner.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A guest that calls a function once. */
async function guest(func: WorldFunction, broken: number): Promise<string> {
  const file = path.join(folder, `${func.interface}-${func.name}-${broken}.wasm`);
  const component = await guestOf(wit, module => {
    const name = `/${func.interface}" "${func.name}" \\(func \\(;(\\d+);\\)`;
    const [, id = 'is not imported'] = new RegExp(name).exec(module) ?? [];
    return callWithBroken(func, id, broken);
  });
  await writeFile(file, component);
  return file;
}

test('the world has functions with strings', () => {
  expect(STRINGS).toHaveLength(42);
});

const host = vi.fn(() => Promise.resolve({ value: { err: 'internal' } }));

async function run(func: WorldFunction, broken: number): Promise<Execution> {
  host.mockClear();
  return await runner.execute({
    componentPath: await guest(func, broken),
    request: {
      context: { tenantId: 't', extensionId: 'e' },
      http: { method: 'GET', url: '/', headers: [] },
    },
    limits: { timeoutMs: 30_000 },
    host,
  });
}

test.each(STRINGS)('%s: its string %i may not be broken UTF-8', async (_name, broken, func) => {
  const { fault } = await run(func, broken);
  expect(fault?.detail).toMatch(/invalid utf-8/);
  expect(host).not.toHaveBeenCalled();
});

test.each(STRINGS.filter(([, at]) => at === 0))(
  '%s: with whole strings it arrives',
  async (_name, _at, func) => {
    const { logs, fault } = await run(func, NONE);
    expect(host.mock.calls.length + logs.length).toBe(1);
    expect(fault?.detail ?? '').not.toMatch(/utf-8/);
  },
);
