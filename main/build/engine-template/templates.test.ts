import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NativeTemplate } from './native.ts';
import type { LoadedHandler } from './templates.ts';
import { createFakeShop, type FakeShop } from './fakes.testing.ts';
import { ToolVersions } from './key.ts';
import { TemplateRefused } from './making.ts';

const never = new AbortController().signal;
const silent = (): void => undefined;

let shop: FakeShop;
beforeEach(async () => {
  shop = await createFakeShop();
});
afterEach(() => shop.dispose());

describe('getting a template', () => {
  test('one is made once, whoever asks, and opened from disk later', async () => {
    const lines: string[] = [];
    const asked = [1, 2, 3].map(() =>
      shop.templates.get('wit a', 'release', never, line => lines.push(line)),
    );
    const [first, ...others] = await Promise.all(asked);
    for (const other of others) expect(other).toBe(first);
    expect(lines.filter(line => line === 'working on wit a')).toHaveLength(3);
    expect(await shop.listed()).toEqual([await shop.templates.keyOf('wit a', 'release')]);
    const later = await shop.again().get('wit a', 'release', never, silent);
    expect(later.key).toBe(first?.key);
    expect(await shop.runs()).toHaveLength(1);
  });

  test('another world has another one, and each kind its own', async () => {
    const one = await shop.templates.get('wit a', 'release', never, silent);
    const other = await shop.templates.get('wit b', 'release', never, silent);
    const development = await shop.templates.get('wit a', 'development', never, silent);
    expect(new Set([one.key, other.key, development.key]).size).toBe(3);
  });

  test('a damaged one is made again, and the reason told', async () => {
    await shop.templates.get('wit a', 'release', never, silent);
    const key = await shop.templates.keyOf('wit a', 'release');
    await writeFile(path.join(shop.root, 'engine-template', key, 'damaged'), '');
    const lines: string[] = [];
    const template = await shop.again().get('wit a', 'release', never, line => lines.push(line));
    expect(template.key).toBe(key);
    expect(lines[0]).toBe('The engine template is made again: Failed as template.damaged');
    expect(await shop.runs()).toHaveLength(2);
  });

  test('the least recently used ones beyond six go', async () => {
    const now = Date.now() / 1000 - 60;
    for (const [index, name] of ['a', 'b', 'c', 'd', 'f', 'g'].entries()) {
      await shop.templates.get(name, 'release', never, silent);
      const folder = path.join(shop.root, 'engine-template', await shop.templates.keyOf(name, 'release'));
      await utimes(folder, now + index, now + index);
    }
    await shop.again().get('a', 'release', never, silent);
    await shop.templates.get('e', 'release', never, silent);
    const kept = await Promise.all(
      ['a', 'c', 'd', 'e', 'f', 'g'].map(name => shop.templates.keyOf(name, 'release')),
    );
    expect((await shop.listed()).sort()).toEqual(kept.sort());
  });
});

describe('engine upgrades', () => {
  const upgraded = async (): Promise<string> => {
    await shop.templates.get('wit a', 'release', never, silent);
    const before = await shop.templates.keyOf('wit a', 'release');
    shop.upgrade();
    return before;
  };

  test('a template of another builder is not used', async () => {
    const before = await upgraded();
    const template = await shop.again().get('wit a', 'release', never, silent);
    expect(template.key).not.toBe(before);
    expect(await shop.runs()).toHaveLength(2);
    expect((await shop.listed()).sort()).toEqual([before, template.key].sort());
  });

  test('it goes once nothing has used it for a month', async () => {
    const before = await upgraded();
    const longAgo = Date.now() / 1000 - 31 * 24 * 60 * 60;
    await utimes(path.join(shop.root, 'engine-template', before), longAgo, longAgo);
    const { key } = await shop.again().get('wit a', 'release', never, silent);
    expect(await shop.listed()).toEqual([key]);
  });

  test('a tool that is upgraded while the workbench runs has templates of its own', async () => {
    const tools = path.join(shop.root, 'modules', '@bytecodealliance');
    const version = async (name: string, text: string): Promise<void> => {
      await mkdir(path.join(tools, name), { recursive: true });
      await writeFile(path.join(tools, name, 'package.json'), JSON.stringify({ version: text }));
    };
    await version('componentize-js', '1.0.0');
    await version('jco', '1.0.0');
    const versions = new ToolVersions(path.join(shop.root, 'modules'));
    expect(await versions.read()).toEqual(['1.0.0', '1.0.0']);
    await version('jco', '1.1.0');
    expect(await versions.read()).toEqual(['1.0.0', '1.1.0']);
    await rm(tools, { recursive: true });
    await expect(versions.read()).rejects.toThrow('ENOENT');
  });
});

describe('what goes wrong', () => {
  test('a full disk is told as such, not as a world that is refused', async () => {
    const asked = shop.templates.get('refuse, for it is full', 'release', never, silent);
    await expect(asked).rejects.toMatchObject({ code: 'build.disk-full' });
    expect(await shop.listed()).toEqual([]);
  });

  test('a world that the tool refuses is told, and asked again next time', async () => {
    for (const run of [1, 2]) {
      const asked = shop.templates.get('refuse this', 'release', never, silent);
      await expect(asked).rejects.toThrow(TemplateRefused);
      expect(await shop.runs()).toHaveLength(run);
    }
    expect(await shop.listed()).toEqual([]);
  });

  test('a tool that dies leaves nothing behind', async () => {
    await expect(shop.templates.get('die', 'release', never, silent)).rejects.toThrow('status 3');
    expect(await shop.listed()).toEqual([]);
  });

  test('whoever cancels goes, the making goes on for the others', async () => {
    const cancelled = new AbortController();
    const first = shop.templates.get('wit a', 'release', cancelled.signal, silent);
    const second = shop.templates.get('wit a', 'release', never, silent);
    cancelled.abort();
    await expect(first).rejects.toMatchObject({ code: 'build.cancelled' });
    expect((await second).key).toBe(await shop.templates.keyOf('wit a', 'release'));
    await expect(shop.templates.get('wit a', 'release', cancelled.signal, silent)).rejects.toMatchObject({
      code: 'build.cancelled',
    });
  });

  test('closing ends the process and leaves nothing behind', async () => {
    const started = Promise.withResolvers<unknown>();
    const asked = shop.templates.get('hang', 'release', never, started.resolve);
    asked.catch(silent);
    await started.promise;
    await shop.templates.close();
    await expect(asked).rejects.toMatchObject({ code: 'build.cancelled' });
    const [pid] = await shop.runs();
    expect(() => process.kill(pid ?? Number.NaN, 0)).toThrow('ESRCH');
    expect(await shop.listed()).toEqual([]);
  });
});

describe('loaded sources', () => {
  let template: NativeTemplate;
  beforeEach(async () => {
    template = await shop.templates.get('wit', 'release', never, silent);
  });
  const loaded = (text: string): Promise<LoadedHandler> =>
    shop.templates.loaded(template, text, () => template.load(text, shop.native.cancelToken()));
  const disposals = (): number[] => shop.sources.map(({ disposed }) => disposed);

  test('the last eight are kept, the others disposed of', async () => {
    for (let index = 0; index < 10; index += 1) await loaded(String(index));
    expect(disposals()).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('one that is kept is not loaded again', async () => {
    const first = await loaded('same');
    expect(await loaded('same')).toBe(first);
    expect(disposals()).toEqual([0]);
  });

  test('of two that were loaded at the same time one is kept', async () => {
    const [first, second] = await Promise.all([loaded('same'), loaded('same')]);
    expect(first).toBe(second);
    expect(disposals().sort()).toEqual([0, 1]);
  });

  test('closing lets all of them go', async () => {
    await loaded('x');
    await shop.templates.close();
    expect(disposals()).toEqual([1]);
  });
});
