import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BundleCache } from './bundle-cache.ts';
import { openBundleStore, type BundleStore } from './bundle-store.ts';
import type { BundleName } from './bundles.ts';
import { addBundle, EXTENSION, TENANT } from './test-kit.ts';

const FILES = { 'dist/main.wasm': 'component', 'ui/index.html': '<p>', 'manifest.json': '{}' };
let dir = '';
let storeDir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'xwb cache-'));
  storeDir = join(dir, 'store');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function cacheOf(store: BundleStore): BundleCache {
  return new BundleCache(join(dir, 'cache'), store);
}

function nameOf(contentHash: string): BundleName {
  return { tenantId: TENANT, registryId: EXTENSION, contentHash };
}

/** The component of a bundle that has one. */
async function componentOf(cache: BundleCache, name: BundleName): Promise<string> {
  return (await cache.unpacked(name)).componentPath ?? '';
}

function failure(code: string): Error {
  return expect.objectContaining({ code }) as Error;
}

/** Writes bytes that are no bundle under the key of their own or another hash. */
async function addBytes(
  bytes: Buffer,
  hex = createHash('sha256').update(bytes).digest('hex'),
): Promise<string> {
  const file = join(storeDir, 'tenants', TENANT, 'extensions', EXTENSION, 'sha256', hex, 'bundle.tar.zst');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return hex;
}

/** An object store over HTTP with the files of the folder; counts what it is asked. */
async function serveStore(): Promise<{
  base: string;
  asked: string[];
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(`${request.method ?? ''} ${path}`);
    readFile(join(storeDir, path.replace(/^\/bucket\//, '').replace(/\?.*$/, ''))).then(
      bytes => response.end(bytes),
      () => response.writeHead(404).end('no such key'),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/bucket`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('a folder as store', () => {
  test.each(['path', 'file URL'])('by its %s', async form => {
    const hash = await addBundle(storeDir, FILES);
    const cache = cacheOf(openBundleStore(form === 'path' ? storeDir : pathToFileURL(storeDir).href));
    const component = await componentOf(cache, nameOf(hash));
    expect(component).toBe(join(dir, 'cache', hash.replace('sha256:', ''), 'bundle', 'dist', 'main.wasm'));
    expect(await readFile(component, 'utf8')).toBe('component');
    expect(await readdir(join(dir, 'cache'))).toEqual([hash.replace('sha256:', '')]);
  });

  test.each([
    ['without its prefix', (hash: string) => hash.replace('sha256:', '')],
    ['in capitals', (hash: string) => hash.toUpperCase()],
  ])('the hash may stand %s (spec 1.4)', async (_name, write) => {
    const hash = await addBundle(storeDir, FILES);
    await expect(componentOf(cacheOf(openBundleStore(storeDir)), nameOf(write(hash)))).resolves.toContain(
      'main.wasm',
    );
  });

  test('what was verified once is not asked for again, and is fetched again when it is gone', async () => {
    const hash = await addBundle(storeDir, FILES);
    const cache = cacheOf(openBundleStore(storeDir));
    const component = await componentOf(cache, nameOf(hash));
    await rm(join(storeDir, 'tenants'), { recursive: true });
    expect(await componentOf(cache, nameOf(hash))).toBe(component);
    expect(await componentOf(cache, { ...nameOf(hash), tenantId: 'another' })).toBe(component);
    await rm(join(dir, 'cache'), { recursive: true });
    await expect(componentOf(cache, nameOf(hash))).rejects.toThrow(failure('bundle.unreadable'));
    await addBundle(storeDir, FILES);
    expect(await componentOf(cache, nameOf(hash))).toBe(component);
  });

  test.each([
    ['..', EXTENSION],
    [TENANT, '../../..'],
    ['a/b', EXTENSION],
    ['a\\b', EXTENSION],
    [TENANT, 'a\0b'],
    [TENANT, 'x'.repeat(129)],
  ])('ids that lead elsewhere are refused: %o %o', async (tenantId, registryId) => {
    const contentHash = await addBundle(storeDir, FILES);
    const cache = cacheOf(openBundleStore(storeDir));
    await expect(componentOf(cache, { tenantId, registryId, contentHash })).rejects.toThrow(
      failure('bundle.unreadable'),
    );
  });
});

test('a bundle has the parts it has', async () => {
  const cache = cacheOf(openBundleStore(storeDir));
  const place = (hash: string): string => join(dir, 'cache', hash.replace('sha256:', ''));
  const page = await addBundle(storeDir, { 'ui/index.html': '<p>', 'manifest.json': '{}' });
  expect(await cache.unpacked(nameOf(page))).toEqual({ uiDir: join(place(page), 'ui') });
  const bare = await addBundle(storeDir, { 'manifest.json': '{}' });
  expect(await cache.unpacked(nameOf(bare))).toEqual({});
});

describe('what a store may do wrong', () => {
  test.each<[string, () => Promise<string>, string]>([
    ['has no such bundle', () => Promise.resolve('ab'.repeat(32)), 'bundle.unreadable'],
    ['is asked for no hash', () => Promise.resolve('../../etc'), 'bundle.unreadable'],
    [
      'gives another bundle',
      () => addBytes(Buffer.from('something else'), 'cd'.repeat(32)),
      'bundle.hash-mismatch',
    ],
    ['gives no archive', () => addBytes(Buffer.from('not zstd')), 'bundle.corrupt'],
  ])('it %s, as folder and over HTTP; nothing is left behind', async (_name, prepare, code) => {
    const hash = await prepare();
    await mkdir(storeDir, { recursive: true });
    await using web = await serveStore();
    for (const base of [storeDir, web.base]) {
      await expect(componentOf(cacheOf(openBundleStore(base)), nameOf(hash))).rejects.toThrow(failure(code));
    }
    const left = await readdir(join(dir, 'cache')).catch(() => []);
    expect(left.filter(name => name.startsWith('.'))).toEqual([]);
  });
});

describe('an address as store', () => {
  test.each(['', '/'])(
    'with the keys of spec 1.8 below the base (ending %o); equal calls share one fetch',
    async ending => {
      const hash = await addBundle(storeDir, FILES);
      await using web = await serveStore();
      const cache = cacheOf(openBundleStore(web.base + ending));
      const paths = await Promise.all([1, 2, 3].map(() => componentOf(cache, nameOf(hash))));
      expect(new Set(paths).size).toBe(1);
      const key = `tenants/${TENANT}/extensions/${EXTENSION}/sha256/${hash.replace('sha256:', '')}/bundle.tar.zst`;
      expect(web.asked).toEqual([`GET /bucket/${key}`]);
    },
  );

  test('with credentials the address is signed for a minute', async () => {
    const hash = await addBundle(storeDir, FILES);
    await using web = await serveStore();
    const credentials = { accessKey: 'key', secretKey: 'secret', region: 'here' };
    await componentOf(cacheOf(openBundleStore(web.base, credentials)), nameOf(hash));
    const { pathname, searchParams } = new URL(web.asked[0]?.replace('GET ', '') ?? '', web.base);
    expect(pathname).toMatch(/^\/bucket\/tenants\//);
    expect(searchParams.get('X-Amz-Expires')).toBe('60');
    expect(searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
    expect(web.asked[0]).not.toContain('secret');
  });

  test('a failed fetch is tried again', async () => {
    await mkdir(storeDir, { recursive: true });
    await using web = await serveStore();
    const cache = cacheOf(openBundleStore(web.base));
    const hash = await addBundle(join(dir, 'other'), FILES);
    await expect(componentOf(cache, nameOf(hash))).rejects.toThrow(failure('bundle.unreadable'));
    await addBundle(storeDir, FILES);
    await expect(componentOf(cache, nameOf(hash))).resolves.toContain('main.wasm');
  });

  test('more bytes than allowed end the download', async () => {
    await mkdir(storeDir, { recursive: true });
    await writeFile(join(storeDir, 'key'), 'x'.repeat(1000));
    await using web = await serveStore();
    const store = openBundleStore(web.base);
    const target = join(dir, 'target');
    await expect(store.fetch('key', target, 999)).rejects.toThrow(failure('bundle.too-large'));
    await rm(target, { force: true });
    await expect(store.fetch('key', target, 1000)).resolves.toBe(target);
  });

  test('it is reachable while it answers', async () => {
    const web = await serveStore();
    const store = openBundleStore(web.base);
    expect(await store.reachable()).toBe(true);
    await web[Symbol.asyncDispose]();
    expect(await store.reachable()).toBe(false);
  });

  test.each(['ftp://127.0.0.1/b', 'http://user:pass@127.0.0.1/b', 'http://'])('%s is refused', base => {
    expect(() => openBundleStore(base)).toThrow(failure('cli.usage'));
  });
});
