import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toolchain } from '../../projects.testing.ts';
import { readWorld } from '../../world.ts';
import { createTestEngine, type AddonEngine } from '../engine.testing.ts';
import { createTemplateShop, type TemplateShop } from '../native.testing.ts';
import type { NativeTemplate } from '../native.ts';
import { see, type Seen } from './host.testing.ts';
import { OfficialBuilds } from './official-builds.testing.ts';
import { Reference } from './reference.testing.ts';
import { EVERYDAY, EVERY_SAMPLE } from './samples/index.testing.ts';
import { PRELUDE, type Sample } from './sample.testing.ts';
import { differences } from './sections.testing.ts';

const FULL = process.env['XWB_FULL'] === '1';
const SAMPLES = FULL ? EVERY_SAMPLE : EVERY_SAMPLE.filter(({ name }) => EVERYDAY.has(name));
/** Compiling takes seconds: of our releases only some are run themselves, the others as memory images. */
const RUN_RELEASE_EVERY = 8;
/** Compiled code that has been run is not needed again. */
const MAX_COMPILED_BYTES = 256 * 2 ** 20;
const never = new AbortController().signal;

let shop: TemplateShop;
let template: NativeTemplate;
let engine: AddonEngine;
let imageBase: Awaited<ReturnType<AddonEngine['loadImageBase']>>;
let official: OfficialBuilds;
let reference: Reference;
let madeAtMs: number;

const textOf = ({ source }: Sample): string => PRELUDE + source;
const fileOf = (kind: string): string => path.join(shop.cacheDir, 'differential', `${kind}.wasm`);

beforeAll(async () => {
  shop = await createTemplateShop();
  await mkdir(path.join(shop.cacheDir, 'differential'));
  const { wit } = await readWorld(shop.cacheDir, toolchain);
  official = new OfficialBuilds(wit, SAMPLES.map(textOf));
  template = await shop.templates.get(wit, 'release', never, () => undefined);
  const folder = path.join(shop.templatesDir, template.key);
  const manifest = JSON.parse(await readFile(path.join(folder, 'template.json'), 'utf8')) as {
    recipe: { madeAtMs: number };
  };
  ({ madeAtMs } = manifest.recipe);
  const lasting = createTestEngine(shop.addon.Engine, { cacheDir: shop.compiledDir });
  imageBase = await lasting.loadImageBase(template);
  // Two components a sample would soon fill the folder that lasts.
  engine = createTestEngine(shop.addon.Engine, {
    cacheDir: path.join(shop.cacheDir, 'runner'),
    maxCacheBytes: MAX_COMPILED_BYTES,
    reuseFunctions: true,
  });
  reference = new Reference(engine, fileOf('official'));
}, 600_000);
afterAll(async () => {
  await official.close();
  await shop.dispose();
});

test('samples have names of their own, and twenty of them are for every day', () => {
  const names = EVERY_SAMPLE.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining([...EVERYDAY]));
  expect(EVERYDAY.size).toBe(20);
  expect(names.length).toBeGreaterThanOrEqual(200);
});

test.each(SAMPLES.map((sample, index) => [sample.name, sample, index] as const))(
  '%s',
  async (_, sample, index) => {
    const component = await official.component(index);
    const source = await template.load(textOf(sample), shop.native.cancelToken());
    await source.writeComponent(fileOf('ours'));
    const release = await readFile(fileOf('ours'));
    expect(differences(release, component, madeAtMs)).toEqual({ sections: [], code: 0 });

    const requests = sample.requests ?? ['GET /'];
    const answers = await reference.answers(component, requests);
    const candidates = [imageBase.withMemory(source)];
    if (index % RUN_RELEASE_EVERY === 0) candidates.push(await engine.load(fileOf('ours')));
    for (const candidate of candidates) {
      for (const [at, request] of requests.entries())
        expect(withoutFolder(await see(candidate, request)), request).toEqual(withoutFolder(answers[at]));
      candidate.dispose();
    }
    source.dispose();
    await rm(fileOf('ours'));
  },
  600_000,
);

/** Stacks name the folder in which the official tool had the bindings, which is another in each of its builds. */
function withoutFolder(seen: Seen | undefined): unknown {
  return JSON.parse(JSON.stringify(seen).replaceAll(/@[^@"\\]*\/initializer\.js:/g, '@initializer.js:'));
}

test('the comparison itself notices a change', async () => {
  const component = await official.component(0);
  const same = { sections: [], code: 0 };
  expect(differences(component, component, madeAtMs)).toEqual(same);
  // The file begins with the component's types; its middle is the engine's code.
  for (const at of [100, Math.floor(component.byteLength / 2)]) {
    const changed = Buffer.from(component);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(differences(changed, component, madeAtMs)).not.toEqual(same);
  }
});
