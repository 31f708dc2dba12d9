import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashFile } from '../files.ts';
import { ROOT, toolchain } from '../projects.testing.ts';
import { platformWorld } from '../world.ts';
import { createTemplateShop, type TemplateShop } from './native.testing.ts';

const SOURCE = `const made = Date.now();
export const handler = () => ({ status: 200, headers: [], body: new TextEncoder().encode(String(made)) });
`;

let shop: TemplateShop;
let folder: string;
beforeAll(async () => {
  shop = await createTemplateShop();
  folder = await mkdtemp(path.join(tmpdir(), 'reproducible-'));
}, 300_000);
afterAll(async () => {
  await shop.dispose();
  await rm(folder, { recursive: true });
});

test('two templates that were made apart give the same component, byte for byte', async () => {
  const { wit } = await platformWorld(toolchain);
  const key = await shop.templates.keyOf(wit, 'release');
  // One was made for these tests, the other by the set-up: in another folder, by another process, at another time.
  await shop.templates.get(wit, 'release', new AbortController().signal, () => undefined);
  const hashes: string[] = [];
  for (const templates of [shop.templatesDir, path.join(ROOT, 'out', 'engines', 'engine-template')]) {
    const template = await shop.native.builder.openTemplate(path.join(templates, key));
    const source = await template.load(SOURCE, shop.native.cancelToken());
    const file = path.join(folder, `${hashes.length}.wasm`);
    await source.writeComponent(file);
    source.dispose();
    hashes.push(await hashFile(file));
  }
  expect(hashes[1]).toBe(hashes[0]);
}, 300_000);
