import { afterAll, beforeAll, expect, test } from 'vitest';
import { toolchain } from '../projects.testing.ts';
import { platformWorld } from '../world.ts';
import { createTestEngine, type AddonComponent } from './engine.testing.ts';
import { see } from './differential/host.testing.ts';
import { createTemplateShop, type TemplateShop } from './native.testing.ts';
import type { NativeSource, NativeTemplate } from './native.ts';

let shop: TemplateShop;
let template: NativeTemplate;
let asImage: (source: NativeSource) => AddonComponent;
beforeAll(async () => {
  shop = await createTemplateShop();
  const { wit } = await platformWorld(toolchain);
  template = await shop.templates.get(wit, 'release', new AbortController().signal, () => undefined);
  const base = await createTestEngine(shop.addon.Engine, { cacheDir: shop.compiledDir }).loadImageBase(
    template,
  );
  asImage = source => base.withMemory(source);
}, 300_000);
afterAll(() => shop.dispose());

const load = (text: string): Promise<NativeSource> => template.load(text, shop.native.cancelToken());
const answering = (setup: string, text: string): string =>
  `${setup}\nexport const handler = () => ({ status: 200, headers: [], body: new TextEncoder().encode(${text}) });\n`;

async function answer(setup: string, text: string): Promise<string | undefined> {
  const source = await load(answering(setup, text));
  try {
    const { response, fault } = await see(asImage(source), 'GET /');
    return fault ?? response?.body;
  } finally {
    source.dispose();
  }
}

test('memory far beyond what the template begins with', async () => {
  const setup = `const large = new Uint8Array(100 << 20); for (let at = 0; at < large.length; at += 4096) large[at] = 7;`;
  expect(await answer(setup, `String(large[0] + large[large.length - 4096])`)).toBe('14');
}, 60_000);

test('more memory than a source may have is told, and the next source loads', async () => {
  const greedy = answering(`const all = []; for (;;) all.push(new Uint8Array(16 << 20).fill(1));`, `''`);
  await expect(load(greedy)).rejects.toMatchObject({ code: 'source.memory' });
  expect(await answer('', `'fine'`)).toBe('fine');
}, 60_000);

test('five megabytes of source', async () => {
  const one = (at: number): string =>
    `function f${at}(a, b) { return a * ${at} + b; } // ${'x'.repeat(60)}\n`;
  const setup = Array.from({ length: 50_000 }, (_, at) => one(at)).join('');
  expect(setup.length).toBeGreaterThan(5_000_000);
  expect(await answer(setup, `String(f49999(2, 1))`)).toBe('99999');
}, 60_000);

test('deep and long work at the top level', async () => {
  const setup = `const deep = n => n === 0 ? 0 : 1 + deep(n - 1);
    const nested = JSON.parse('['.repeat(2_000) + ']'.repeat(2_000));
    let levels = 0; for (let at = nested; at; at = at[0]) levels += 1;
    let sum = 0; for (let at = 0; at < 5_000_000; at += 1) sum = (sum + at * 31) % 1_000_003;
    let chain = Promise.resolve(0); for (let at = 0; at < 20_000; at += 1) chain = chain.then(x => x + 1);
    const ends = [deep(1_000), levels, sum, await chain];`;
  const sum = Array.from({ length: 5_000_000 }).reduce<number>(
    (all, _, at) => (all + at * 31) % 1_000_003,
    0,
  );
  expect(await answer(setup, `ends.join()`)).toBe([1_000, 2_000, sum, 20_000].join());
}, 60_000);
