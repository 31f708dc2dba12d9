import { beforeEach, expect, test } from 'vitest';
import type { PageServer } from '../page-server/index.ts';
import { ProjectPages } from './pages.ts';

/** A server of the tests: it runs until it is closed or falls. */
interface Fake extends PageServer {
  readonly registryId: string;
  fall(reason: string): void;
}

let brought: boolean;
let starting: () => Promise<void>;
let running: Fake[];
let started: number;
let endings: number;
let pages: ProjectPages;
beforeEach(() => {
  brought = true;
  starting = () => Promise.resolve();
  running = [];
  started = 0;
  endings = 0;
  const servers = {
    has: () => Promise.resolve(brought),
    async start(_folder: string, registryId: string, signal: AbortSignal) {
      await starting();
      signal.throwIfAborted();
      return fake(registryId);
    },
  };
  pages = new ProjectPages('/project', servers, () => {
    endings++;
  });
});

function fake(registryId: string): Fake {
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const server: Fake = {
    registryId,
    port: ++started,
    base: '/',
    version: '8.0.0',
    ended,
    fall(reason) {
      running.splice(running.indexOf(server), 1);
      resolve(reason);
    },
    close() {
      if (running.includes(server)) server.fall('closed');
      return Promise.resolve();
    },
  };
  running.push(server);
  return server;
}

test('one server answers for all runs, also those that ask at the same time', async () => {
  const [one, two] = await Promise.all([pages.serve('r', 'development'), pages.serve('r', 'development')]);
  expect(one).toBe(two);
  expect(await pages.serve('r', 'development')).toBe(one);
  expect(started).toBe(1);
  await pages.close();
  expect(running).toEqual([]);
  expect(endings).toBe(0);
});

test.each([
  ['before it is installed', undefined, 'development', true],
  ['as a release', 'r', 'release', true],
  ['that brings none', 'r', 'development', false],
] as const)('a project %s has none, and the one it had ends', async (_when, registryId, kind, brings) => {
  await pages.serve('r', 'development');
  brought = brings;
  expect(await pages.serve(registryId, kind)).toBeUndefined();
  expect(running).toEqual([]);
  expect(pages.problems).toEqual([]);
});

test('a project that is installed under another name gets another server', async () => {
  await pages.serve('old', 'development');
  await pages.serve('new', 'development');
  expect(running.map(({ registryId }) => registryId)).toEqual(['new']);
});

test('one that does not start is told, and tried again when what decides about it was saved', async () => {
  starting = () => Promise.reject(new Error('No such plugin'));
  expect(await pages.serve('r', 'development')).toBeUndefined();
  expect(pages.problems).toMatchObject([
    {
      code: 'ui.no-page-server',
      severity: 'warning',
      message: expect.stringMatching(/No such plugin$/) as string,
    },
  ]);
  starting = () => Promise.resolve();
  pages.changed(['vite.config.ts']);
  expect(await pages.serve('r', 'development')).toBeDefined();
  expect(pages.problems).toEqual([]);
});

test('one that ends by itself is told, and its pages are made in the ordinary way from then on', async () => {
  await pages.serve('r', 'development');
  running[0]?.fall('Out of memory');
  await expect.poll(() => endings).toBe(1);
  expect(pages.problems).toMatchObject([{ message: expect.stringMatching(/Out of memory$/) as string }]);
  pages.changed(['ui/main.ts']);
  expect(await pages.serve('r', 'development')).toBeUndefined();
  expect(started).toBe(1);
});

test('closing ends one that is still starting', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  starting = () => promise.then(() => undefined);
  const served = pages.serve('r', 'development');
  await Promise.resolve();
  const closed = pages.close();
  resolve(undefined);
  await closed;
  await served;
  await pages.close();
  expect(running).toEqual([]);
});
