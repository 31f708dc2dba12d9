import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { coded, createFakeShop, type FakeShop } from './engine-template/fakes.testing.ts';
import { createWorkplace, HANDLER_ONLY, writeInto, type Workplace } from './projects.testing.ts';

let place: Workplace;
let shop: FakeShop;
let failure: ((source: string) => Error | undefined) | undefined;
beforeEach(async () => {
  place = await createWorkplace();
  failure = undefined;
  shop = await createFakeShop(source => Promise.resolve(failure?.(source)));
});
afterEach(async () => {
  await shop.dispose();
  await place.dispose();
});

const failed = (kind: string, output: string, reason = ''): Error =>
  coded('source.failed', { kind, reason, places: [], output });

describe('a component by template', () => {
  test('is what is packed', async () => {
    const { templates } = shop;
    const folder = await place.project('p', HANDLER_ONLY);
    const built = await place.build(folder, { templates });
    expect(built.problems).toEqual([]);
    expect(built.ran).toBe('check handler component pack');
    const id = shop.sources[0]?.id ?? '';
    expect(await readFile(path.join(folder, 'dist', 'main.wasm'), 'utf8')).toBe(`component of ${id}`);
    expect(built.events.some(({ log }) => log?.startsWith('Loaded in') === true)).toBe(true);
  });

  test('is not made again for the same source, and is for another', async () => {
    const { templates } = shop;
    const folder = await place.project('p', HANDLER_ONLY);
    await place.build(folder, { templates });
    const same = await place.build(folder, { templates });
    expect(same.ran).toBe('check handler* component* pack*');
    await writeInto(folder, 'src/greeting.ts', `export const greeting: string = 'other';\n`);
    const other = await place.build(folder, { templates });
    expect(other.ran).toBe('check handler component pack');
    expect(shop.sources).toHaveLength(2);
  });

  test('is left to the official tool when the template cannot be used, and the reason told', async () => {
    failure = () => coded('builder.folder');
    const folder = await place.project('p', HANDLER_ONLY);
    const built = await place.build(folder, { templates: shop.templates });
    expect(built.ok).toBe(true);
    const told = built.events.map(({ log }) => log ?? '').filter(log => log.includes('official tool'));
    expect(told).toEqual([expect.stringContaining('Failed as builder.folder')]);
    expect(await readFile(path.join(folder, 'dist', 'main.wasm'), 'utf8')).toContain('asm of');
  });
});

describe('a source that cannot be loaded', () => {
  test.each([
    ['exception', 'Exception while evaluating top-level script\nhandler.js:1:1 Error: x', 'top-level-throw'],
    ['missing-export', 'Error: "source.js" does not export a "handler" function', 'missing-export'],
    ['trap', 'the engine gave up', 'component-failed'],
  ])('%s', async (kind, output, code) => {
    failure = () => failed(kind, output);
    const folder = await place.project('p', HANDLER_ONLY);
    const built = await place.build(folder, { templates: shop.templates });
    expect(built.ok).toBe(false);
    expect(built.problems).toEqual([expect.objectContaining({ code: `build.${code}`, severity: 'error' })]);
    expect(built.component).toBeUndefined();
    await expect(stat(path.join(folder, 'dist', 'main.wasm'))).rejects.toThrow('ENOENT');
  });

  test('a call of the host without a place is found by a second try', async () => {
    failure = source =>
      source.includes('xwb-top-level:')
        ? failed('exception', 'Exception while…\nhandler.js:2:1 Error: xwb-top-level:Math.random()')
        : failed('host-call', '', 'wasi:random/random@0.2.10.get-random-u64');
    const folder = await place.project('p', HANDLER_ONLY);
    const built = await place.build(folder, { templates: shop.templates });
    expect(built.problems[0]).toMatchObject({
      code: 'build.top-level-call',
      message: expect.stringContaining('Math.random()') as string,
    });
  });

  test('a host function of the platform is named', async () => {
    failure = source =>
      source.includes('xwb-top-level:') ? undefined : failed('host-call', '', 'alga:extension/storage.get');
    const folder = await place.project('p', HANDLER_ONLY);
    const built = await place.build(folder, { templates: shop.templates });
    expect(built.problems[0]?.message).toContain('alga:extension/storage');
    expect(shop.sources[0]?.disposed).toBe(1);
  });

  test.each([
    ['source.timeout', 'component-timeout'],
    ['source.memory', 'component-memory'],
    ['source.too_large', 'component-too-large'],
  ])('%s', async (native, code) => {
    failure = () => coded(native);
    const folder = await place.project('p', HANDLER_ONLY);
    const built = await place.build(folder, { templates: shop.templates });
    expect(built.problems).toEqual([expect.objectContaining({ code: `build.${code}` })]);
  });

  test('a world that the tool refuses is a problem of the project’s WIT', async () => {
    const wit = 'refuse: package alga:extension;';
    const folder = await place.project('p', { ...HANDLER_ONLY, 'wit/extension-runner.wit': wit });
    const built = await place.build(folder, { templates: shop.templates });
    expect(built.problems.map(({ code, file }) => [code, file])).toContainEqual([
      'build.invalid-wit',
      'wit/extension-runner.wit',
    ]);
  });
});

test('a cancel while the source is loaded ends the build', async () => {
  const controller = new AbortController();
  await shop.dispose();
  shop = await createFakeShop((_, token) => {
    controller.abort();
    return Promise.resolve(token.isCancelled ? coded('build.cancelled') : undefined);
  });
  const folder = await place.project('p', HANDLER_ONLY);
  const build = place.build(folder, { templates: shop.templates, signal: controller.signal });
  await expect(build).rejects.toMatchObject({ code: 'build.cancelled' });
});
