import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { coded, createFakeShop, type FakeShop } from './engine-template/fakes.testing.ts';
import { loadProject, type LoadResult } from './load-project.ts';
import {
  createWorkplace,
  HANDLER_ONLY,
  MANIFEST,
  WITHOUT_API,
  writeInto,
  type Workplace,
} from './projects.testing.ts';

let place: Workplace;
let shop: FakeShop;
let failure: Error | undefined;
beforeEach(async () => {
  place = await createWorkplace();
  failure = undefined;
  shop = await createFakeShop(() => Promise.resolve(failure));
});
afterEach(async () => {
  await shop.dispose();
  await place.dispose();
});

const load = (folder: string, signal?: AbortSignal): Promise<LoadResult> =>
  loadProject(folder, {
    cacheDir: path.join(place.root, 'cache'),
    toolchain: place.fake,
    templates: shop.templates,
    kind: 'development',
    ...(signal && { signal }),
  });

test('a handler is loaded, and nothing is written to the project', async () => {
  const folder = await place.project('p', HANDLER_ONLY);
  const loaded = await load(folder);
  expect(loaded.problems).toEqual([]);
  expect(loaded.stages.map(({ name }) => name)).toEqual(['check', 'handler', 'component']);
  expect(loaded.project).toMatchObject({ kind: 'development', manifest: { name: 'sample' } });
  expect(loaded.project?.handler?.source).toBe(shop.sources[0]);
  expect(loaded.project?.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(existsSync(path.join(folder, 'dist'))).toBe(false);
});

test('the hash is that of what answers: handler, page and manifest', async () => {
  const page = 'ui/index.html';
  const folder = await place.project('p', {
    ...HANDLER_ONLY,
    'manifest.json': MANIFEST,
    [page]: '<p>one</p>',
  });
  const hash = async (): Promise<string | undefined> => (await load(folder)).project?.hash;
  const hashes = [await hash(), await hash()];
  expect(hashes[0]).toBe(hashes[1]);
  await writeInto(folder, page, '<p>two</p>');
  hashes.push(await hash());
  await writeInto(folder, 'src/greeting.ts', `export const greeting: string = 'other';\n`);
  hashes.push(await hash());
  await writeInto(folder, 'manifest.json', JSON.stringify({ ...MANIFEST, version: '9.9.9' }));
  hashes.push(await hash());
  expect(new Set(hashes).size).toBe(4);
  expect(shop.sources).toHaveLength(2);
});

test('a project without a handler has only its page', async () => {
  const files = { 'manifest.json': { ...WITHOUT_API, ui: MANIFEST.ui }, 'ui/index.html': '<p>hi</p>' };
  const { project } = await load(await place.project('p', files));
  expect(project).not.toHaveProperty('handler');
  expect(existsSync(path.join(project?.ui?.dir ?? '', 'index.html'))).toBe(true);
});

test('a broken handler is told, and nothing is loaded', async () => {
  const folder = await place.project('p', {
    ...HANDLER_ONLY,
    'src/handler.ts': 'export function handler( {',
  });
  const loaded = await load(folder);
  expect(loaded.problems[0]).toMatchObject({ file: 'src/handler.ts', line: 1 });
  expect(loaded).not.toHaveProperty('project');
});

test('a project with a build script must be built', async () => {
  const loaded = await load(
    await place.project('p', { ...HANDLER_ONLY, 'package.json': { scripts: { build: 'true' } } }),
  );
  expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(loaded.why).toContain('build script');
  expect(loaded).not.toHaveProperty('project');
});

test('so must one when no template can be used', async () => {
  failure = coded('builder.folder');
  const loaded = await load(await place.project('p', HANDLER_ONLY));
  expect(loaded.why).toContain('Failed as builder.folder');
  expect(loaded).not.toHaveProperty('project');
});

test('a cancel ends it', async () => {
  const folder = await place.project('p', HANDLER_ONLY);
  await expect(load(folder, AbortSignal.abort())).rejects.toMatchObject({ code: 'build.cancelled' });
});
