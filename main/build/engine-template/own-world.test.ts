import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, toolchain, WITHOUT_UI, type Workplace } from '../projects.testing.ts';
import { createTestEngine, type AddonEngine } from './engine.testing.ts';
import { see } from './differential/host.testing.ts';
import { differences } from './differential/sections.testing.ts';
import { FROZEN_AT_MS } from './making.ts';
import { createTemplateShop, type TemplateShop } from './native.testing.ts';

/** The platform's shapes of a request and its answer. */
const SHAPES = `package alga:extension;
interface types {
  record context-data { request-id: option<string>, tenant-id: string, extension-id: string, install-id: option<string>, version-id: option<string> }
  record http-header { name: string, value: string }
  record http-request { method: string, url: string, headers: list<http-header>, body: option<list<u8>> }
  record http-response { status: u16, headers: list<http-header>, body: option<list<u8>> }
  record execute-request { context: context-data, http: http-request }
  type execute-response = http-response;
}
interface logging { log-info: func(message: string); log-warn: func(message: string); log-error: func(message: string); }
interface tripling { triple: func(number: u32) -> u32; }
`;
const worldOf = (imports: string): string => `${SHAPES}world runner {
  use types.{execute-request, execute-response};
  ${imports}
  export handler: func(request: execute-request) -> execute-response;
}
`;
const answering = (head: string, text: string): string => `${head}
export function handler() {
  return { status: 200, headers: [], body: new TextEncoder().encode(${text}) };
}
`;

let place: Workplace;
let shop: TemplateShop;
let engine: AddonEngine;
beforeAll(async () => {
  place = await createWorkplace();
  shop = await createTemplateShop();
  engine = createTestEngine(shop.addon.Engine, { cacheDir: shop.compiledDir, reuseFunctions: true });
}, 60_000);
afterAll(async () => {
  await shop.dispose();
  await place.dispose();
});

async function built(name: string, imports: string, handler: string): Promise<[file: string, wit: string]> {
  const wit = worldOf(imports);
  const folder = await place.project(name, {
    'manifest.json': WITHOUT_UI,
    'wit/extension-runner.wit': wit,
    'src/handler.ts': handler,
  });
  const { problems, events } = await place.build(folder, { templates: shop.templates });
  expect(problems).toEqual([]);
  // By a template, and not because there was no other way.
  expect(events.filter(({ log }) => log?.includes('official tool') === true)).toEqual([]);
  return [path.join(folder, 'dist', 'main.wasm'), wit];
}

test('a world with fewer imports is built for with a template of its own', async () => {
  const source = answering(`import { logInfo } from 'alga:extension/logging';\nlogInfo.name;`, `'logs only'`);
  const [file, wit] = await built('fewer', 'import logging;', source);
  expect((await see(await engine.load(file), 'GET /')).response?.body).toBe('logs only');
  const platform = await shop.templates.keyOf(worldOf(''), 'release');
  expect(await shop.templates.keyOf(wit, 'release')).not.toBe(platform);

  const [ours, folder] = [await readFile(file), path.dirname(path.dirname(file))];
  const official = await place.build(folder, { toolchain, cacheDir: path.join(place.root, 'official') });
  expect(official.problems).toEqual([]);
  expect(differences(ours, await readFile(file), FROZEN_AT_MS)).toEqual({ sections: [], code: 0 });
}, 300_000);

test('a world without imports is too, and runs as a memory image', async () => {
  const source = answering('', `String(Date.now())`);
  const [file, wit] = await built('none', '', source);
  const template = await shop.templates.get(wit, 'release', new AbortController().signal, () => undefined);
  const base = await engine.loadImageBase(template);
  const image = await template.load(source, shop.native.cancelToken());
  const answers = [await engine.load(file), base.withMemory(image)].map(each => see(each, 'GET /'));
  for (const { response, fault } of await Promise.all(answers))
    expect([response?.body, fault]).toEqual([String(FROZEN_AT_MS), undefined]);
  image.dispose();
}, 300_000);

test('an interface that the platform lacks is built for, and refused when it is run', async () => {
  const source = answering(`import { triple } from 'alga:extension/tripling';`, `String(triple(14))`);
  const [file] = await built('other', 'import tripling;', source);
  await expect(engine.load(file)).rejects.toMatchObject({ code: 'component.unknown_import' });
}, 300_000);
