import { beforeEach, expect, test } from 'vitest';
import type { Manifest } from '../../contract/index.ts';
import type { LoadedProject } from '../build/index.ts';
import type { LiveBuild, Registry } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';
import { LiveBuilds } from './live.ts';

const manifest: Manifest = {
  name: 'x',
  version: '1.0.0',
  runtime: 'wasm-js@1',
  capabilities: [],
  endpoints: [],
};

let adopted: string[];
let live: Map<string, LiveBuild>;
let builds: LiveBuilds;
/** What happens while a source is taken in. */
let adopting: () => Promise<void>;
beforeEach(() => {
  adopted = [];
  adopting = () => Promise.resolve();
  live = new Map();
  const registry: Pick<Registry, 'setLive' | 'resolve'> = {
    setLive(registryId, build) {
      if (build) live.set(registryId, build);
      else live.delete(registryId);
    },
    // Only whether there is one counts here.
    resolve: registryId => (registryId === 'gone' ? undefined : ({} as ReturnType<Registry['resolve']>)),
  };
  const runner: Pick<DevelopmentRunner, 'adopt'> = {
    async adopt({ source }) {
      await adopting();
      adopted.push(source.id);
      return () => void adopted.splice(adopted.indexOf(source.id), 1);
    },
  };
  builds = new LiveBuilds(registry, runner);
});

const project = (sourceId?: string): LoadedProject => ({
  manifest,
  hash: 'h',
  kind: 'development',
  ...(sourceId !== undefined && { handler: handlerOf(sourceId) }),
});
function handlerOf(id: string): NonNullable<LoadedProject['handler']> {
  const unused = (): never => {
    throw new Error('Nothing here loads or writes.');
  };
  return {
    template: { key: 'k', load: unused },
    source: { id, ms: 1, writeComponent: unused, dispose: unused },
    view: { text: message => message, fault: fault => fault },
  };
}

test('a build answers under its hash; the one before stays for the calls it let in, older ones go', async () => {
  for (const id of ['a', 'b', 'c']) await builds.show('r', project(id), `hash ${id}`);
  expect(live.get('r')).toEqual({ hash: 'hash c', manifest, sourceId: 'c' });
  expect(adopted).toEqual(['b', 'c']);
});

test('the same source may come again with another manifest or page', async () => {
  for (const id of ['a', 'a', 'b', 'a']) await builds.show('r', project(id), 'h');
  expect(new Set(adopted)).toEqual(new Set(['a', 'b']));
});

test('a project that takes another name leaves the old one to its bundle', async () => {
  await builds.show('old', project('a'), 'h');
  await builds.show('new', project('b'), 'h');
  expect([...live.keys()]).toEqual(['new']);
});

test('closing lets the bundle answer again and every source go', async () => {
  await builds.show('r', project('a'), 'h');
  await builds.show('r', project(), 'h');
  builds.close();
  expect(live.size).toBe(0);
  expect(adopted).toEqual([]);
});

test('the folder of the page is held while it is shown', async () => {
  const held: string[] = [];
  const page = (dir: string): LoadedProject => ({
    ...project(),
    ui: {
      dir,
      hold: () => {
        held.push(dir);
        return () => void held.splice(held.indexOf(dir), 1);
      },
    },
  });
  await builds.show('r', page('/one'), 'h');
  expect(live.get('r')?.uiDir).toBe('/one');
  await builds.show('r', page('/two'), 'h');
  expect(held).toEqual(['/two']);
  builds.close();
  expect(held).toEqual([]);
});

test('a build that cannot answer leaves nothing held and the one before in its place', async () => {
  const held: string[] = [];
  const page = (dir: string, sourceId: string): LoadedProject => ({
    ...project(sourceId),
    ui: {
      dir,
      hold: () => {
        held.push(dir);
        return () => void held.splice(held.indexOf(dir), 1);
      },
    },
  });
  await builds.show('r', page('/one', 'a'), 'first');
  adopting = () => Promise.reject(new Error('no memory'));
  await expect(builds.show('r', page('/two', 'b'), 'second')).rejects.toThrow('no memory');
  await expect(builds.show('other', page('/two', 'b'), 'second')).rejects.toThrow('no memory');
  expect(held).toEqual(['/one']);
  expect(adopted).toEqual(['a']);
  expect(live.get('r')).toMatchObject({ hash: 'first', uiDir: '/one' });
});

test('a build that was overtaken while it was being taken in does not answer', async () => {
  const overtaken = new AbortController();
  adopting = () => {
    overtaken.abort();
    return Promise.resolve();
  };
  const shown = builds.show('r', project('a'), 'old', { signal: overtaken.signal });
  await expect(shown).rejects.toThrow();
  expect(live.size).toBe(0);
  expect(adopted).toEqual([]);
});

test('pages are left to their server', async () => {
  const pageServer = { port: 1, base: '/' };
  await builds.show('r', project(), 'h', { pageServer });
  expect(live.get('r')).toEqual({ hash: 'h', manifest, pageServer });
});

test('what was uninstalled meanwhile is left alone', async () => {
  await builds.show('gone', project('a'), 'h');
  builds.close();
  expect([...live.keys()]).toEqual(['gone']);
});
