import { beforeEach, expect, test } from 'vitest';
import { AdoptedSources } from './adopted.ts';

/** What the fake engine has made and not disposed of, by source. */
let alive: string[];
let sources: AdoptedSources;
beforeEach(() => {
  alive = [];
  const engine = {
    loadImageBase: () =>
      Promise.resolve({
        withMemory({ id }: { id: string }) {
          alive.push(id);
          return { dispose: () => void alive.splice(alive.indexOf(id), 1) };
        },
      }),
  };
  // Only the addon makes a real one; of an engine nothing else is asked for here.
  sources = new AdoptedSources(engine as unknown as ConstructorParameters<typeof AdoptedSources>[0]);
});

const template = {};
const adopt = (id: string): Promise<() => void> => sources.adopt({ template, source: { id } });

test('a source is there until it is let go', async () => {
  const letGo = await adopt('a');
  expect(sources.get('a').component).toBeDefined();
  letGo();
  expect(() => sources.get('a')).toThrow(expect.objectContaining({ code: 'component.replaced' }));
  expect(alive).toEqual([]);
});

test('two projects with the same handler share it: one that closes takes nothing from the other', async () => {
  const [first, second] = [await adopt('same'), await adopt('same')];
  expect(alive).toEqual(['same']);
  first();
  first();
  expect(sources.get('same').component).toBeDefined();
  second();
  expect(alive).toEqual([]);
});

test('one that was let go may come again', async () => {
  const old = await adopt('a');
  old();
  const letGo = await adopt('a');
  old();
  expect(sources.get('a').component).toBeDefined();
  letGo();
  expect(alive).toEqual([]);
});
