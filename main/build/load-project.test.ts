import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { coded, createFakeShop, type FakeShop } from './engine-template/fakes.testing.ts';
import { loadProject, type LoadResult } from './load-project.ts';
import {
  createWorkplace,
  HANDLER,
  MANIFEST,
  WITHOUT_API,
  WITHOUT_UI,
  type Workplace,
} from './projects.testing.ts';

const FILES = {
  'manifest.json': WITHOUT_UI,
  'src/handler.ts': HANDLER,
  'src/greeting.ts': `export const greeting: string = 'hello';\n`,
};

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
    development: 'development',
    ...(signal && { signal }),
  });

test('a handler is loaded, and nothing is written to the project', async () => {
  const folder = await place.project('p', FILES);
  const loaded = await load(folder);
  expect(loaded).toMatchObject({ ok: true, problems: [] });
  expect(loaded.stages.map(({ name }) => name)).toEqual(['check', 'handler', 'component']);
  expect(shop.templates.loaded(loaded.sourceId ?? '')?.source).toBe(shop.sources[0]);
  expect(existsSync(path.join(folder, 'dist'))).toBe(false);
});

test('a broken handler is told, and nothing is loaded', async () => {
  const folder = await place.project('p', { ...FILES, 'src/handler.ts': 'export function handler( {' });
  const loaded = await load(folder);
  expect(loaded.ok).toBe(false);
  expect(loaded.problems[0]).toMatchObject({ file: 'src/handler.ts', line: 1 });
  expect(loaded.sourceId).toBeUndefined();
});

test.each([
  ['a build script', { ...FILES, 'package.json': { scripts: { build: 'true' } } }, 'build script'],
  [
    'no handler',
    { 'manifest.json': { ...WITHOUT_API, ui: MANIFEST.ui }, 'ui/index.html': '<p>hi</p>' },
    'no handler',
  ],
])('a project with %s must be built', async (_, files, why) => {
  const loaded = await load(await place.project('p', files));
  expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(loaded.why).toContain(why);
});

test('a template that cannot be used is an error for the caller, who can build instead', async () => {
  failure = coded('builder.folder');
  await expect(load(await place.project('p', FILES))).rejects.toMatchObject({ code: 'builder.folder' });
});

test('a cancel ends it', async () => {
  const folder = await place.project('p', FILES);
  await expect(load(folder, AbortSignal.abort())).rejects.toMatchObject({ code: 'build.cancelled' });
});
