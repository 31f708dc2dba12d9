import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DISABLED_FEATURES } from '../../componentize-protocol.ts';
import { toolchain } from '../../projects.testing.ts';
import { inWorkFolder } from '../../work-folder.ts';
import { askProcess } from '../../worker-process.ts';
import { readWorld, WORLD_NAME } from '../../world.ts';
import { createTemplateShop, type AddonEngine, type TemplateShop } from '../native.testing.ts';
import type { NativeTemplate } from '../native.ts';
import { HOST } from './host-sources.testing.ts';
import { see } from './host.testing.ts';
import { differences } from './sections.testing.ts';
import { LANGUAGE, PRELUDE, type Sample } from './sources.testing.ts';

/** All with `XWB_FULL=1`, else two of three. */
const ALL = [...LANGUAGE, ...HOST];
const SAMPLES = process.env['XWB_FULL'] === '1' ? ALL : ALL.filter((_, index) => index % 3 !== 2);
/** Compiling takes seconds: of our releases only some are run themselves, the others as memory images. */
const RUN_RELEASE_EVERY = 8;
const never = new AbortController().signal;

let shop: TemplateShop;
let template: NativeTemplate;
let engine: AddonEngine;
let imageBase: Awaited<ReturnType<AddonEngine['loadImageBase']>>;
let madeAtMs: number;

const textOf = ({ source }: Sample): string => PRELUDE + source;
const fileOf = (index: number, kind: string): string =>
  path.join(shop.cacheDir, 'differential', `${index}-${kind}`);

beforeAll(async () => {
  shop = await createTemplateShop();
  await mkdir(path.join(shop.cacheDir, 'differential'));
  const { wit } = await readWorld(shop.cacheDir, toolchain);
  await Promise.all([prepareOurs(wit), buildOfficially(wit)]);
}, 600_000);
afterAll(() => shop.dispose());

async function prepareOurs(wit: string): Promise<void> {
  template = await shop.templates.get(wit, 'release', never, () => undefined);
  const folder = path.join(shop.templatesDir, template.key);
  const manifest = JSON.parse(await readFile(path.join(folder, 'template.json'), 'utf8')) as {
    recipe: { madeAtMs: number };
  };
  ({ madeAtMs } = manifest.recipe);
  const lasting = shop.addon.Engine.create({ cacheDir: shop.compiledDir });
  imageBase = await lasting.loadImageBase(template);
  // Two components a sample would soon fill the folder that lasts.
  engine = shop.addon.Engine.create({ cacheDir: path.join(shop.cacheDir, 'runner'), reuseFunctions: true });
}

async function buildOfficially(wit: string): Promise<void> {
  const sources = SAMPLES.map((sample, index) => ({
    text: textOf(sample),
    output: fileOf(index, 'official.wasm'),
  }));
  await inWorkFolder(async work => {
    const jobs = await Promise.all(
      sources.map(async ({ text, output }, index) => {
        const folder = path.join(work, String(index));
        await mkdir(folder);
        await writeFile(path.join(folder, 'handler.js'), text);
        return { source: path.join(folder, 'handler.js'), output };
      }),
    );
    const request = { wit, world: WORLD_NAME, disabledFeatures: [...DISABLED_FEATURES], jobs };
    const script = path.join(import.meta.dirname, 'official-child.testing.ts');
    const reply = z.object({ built: z.number() });
    const onOutput = (text: string): void => console.error(text);
    await askProcess({ toolchain, script, folder: work, request, reply, signal: never, onOutput });
  });
}

test.each(SAMPLES.map((sample, index) => [sample.name, sample, index] as const))(
  '%s',
  async (_, sample, index) => {
    const source = await template.load(textOf(sample), shop.native.cancelToken());
    const release = fileOf(index, 'ours.wasm');
    await source.writeComponent(release);
    const [ours, official] = await Promise.all([readFile(release), readFile(fileOf(index, 'official.wasm'))]);
    expect(differences(ours, official, madeAtMs)).toEqual({ sections: [], code: 0 });

    const reference = await engine.load(fileOf(index, 'official.wasm'));
    const candidates = [imageBase.withMemory(source)];
    if (index % RUN_RELEASE_EVERY === 0) candidates.push(await engine.load(release));
    for (const request of sample.requests ?? ['GET /']) {
      const expected = await see(reference, request);
      for (const candidate of candidates) expect(await see(candidate, request), request).toEqual(expected);
    }
    source.dispose();
  },
  120_000,
);

test('the comparison itself notices a change', async () => {
  const component = await readFile(fileOf(0, 'official.wasm'));
  const same = { sections: [], code: 0 };
  expect(differences(component, component, madeAtMs)).toEqual(same);
  // The file begins with the component's types; its middle is the engine's code.
  for (const at of [100, Math.floor(component.byteLength / 2)]) {
    const changed = Buffer.from(component);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(differences(changed, component, madeAtMs)).not.toEqual(same);
  }
});
