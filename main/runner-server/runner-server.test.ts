import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALLOW_ALL } from '../capabilities/index.ts';
import { BundleCache } from './bundle-cache.ts';
import { openBundleStore } from './bundle-store.ts';
import { RemoteRegistry } from './install-registry.ts';
import { createRunnerServer } from './runner-server.ts';
import { FakeCapabilities, FakeRunner, IMMUTABLE, openBench, send, type Bench } from './test-kit.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const LIMIT = 2 * 1024 * 1024;

describe('answers before any processing (spec 4.2)', () => {
  test.each<[string, number, Record<string, string>, string]>([
    ['no content type', 415, {}, '{}'],
    ['another content type, whatever the size', 415, { 'content-type': 'text/plain' }, 'x'.repeat(LIMIT + 1)],
    ['an empty body', 400, JSON_TYPE, ''],
    ['no JSON', 400, JSON_TYPE, '{'],
    ['another shape', 422, JSON_TYPE, '{}'],
    ['exactly 2 MiB', 422, JSON_TYPE, `{}${' '.repeat(LIMIT - 2)}`],
    ['one byte more', 413, JSON_TYPE, `{}${' '.repeat(LIMIT - 1)}`],
  ])('%s: %i', async (_name, status, headers, body) => {
    const answer = await bench.send('POST', '/v1/execute', { headers, body });
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/plain; charset=utf-8']);
    expect(answer.headers['cache-control']).toBe(IMMUTABLE);
  });

  test('a body of unknown length is bounded, too', async () => {
    const headers = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
    const answer = await bench.send('POST', '/v1/execute', { headers, body: ' '.repeat(LIMIT + 1) });
    expect(answer.status).toBe(413);
  });
});

describe('the routes (spec 4.1)', () => {
  test.each([
    ['POST', '/v1/execute', 415],
    ['GET', '/healthz', 200],
    ['HEAD', '/healthz', 200],
    ['POST', '/warmup', 400],
    ['GET', '/', 503],
    ['GET', '/ext-ui/a/b/index.html', 400],
    ['POST', '/ext-ui/a/b/index.html', 404],
    ['GET', '/api/ext-debug/stream', 400],
    ['DELETE', '/api/ext-debug/stream', 405],
    ['GET', '/nowhere', 404],
    ['GET', '/v1/execute', 405],
    ['OPTIONS', '/v1/execute', 405],
    ['GET', '/warmup', 405],
    ['POST', '/healthz', 405],
    ['GET', '/%zz', 400],
  ])('%s %s is %i, and every answer may be kept for ever', async (method, path, status) => {
    const answer = await bench.send(method, path);
    expect([answer.status, answer.headers['cache-control']]).toEqual([status, IMMUTABLE]);
    if (status === 405) expect(answer.headers.allow).toBeTypeOf('string');
  });

  test('an execution is 200 with exactly application/json', async () => {
    const headers = { ...JSON_TYPE, 'x-alga-tenant': 't' };
    const body = JSON.stringify(bench.envelope());
    const answer = await bench.send('POST', '/v1/execute', { headers, body });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 400, error: 'missing_routing_headers' });
    expect(answer.headers['cache-control']).toBe(IMMUTABLE);
  });

  test.each([
    [{ origin: 'http://localhost:1' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 403],
    [{ 'sec-fetch-site': 'none' }, 422],
  ])('a page with %o is answered %i, as there is no authentication', async (headers, status) => {
    const answer = await bench.send('POST', '/v1/execute', {
      headers: { ...JSON_TYPE, ...headers },
      body: '{}',
    });
    expect(answer.status).toBe(status);
    if (status !== 403) return;
    expect((await bench.send('GET', '/api/ext-debug/stream?extensionId=e', { headers })).status).toBe(403);
  });

  test('warmup says why not', async () => {
    const answer = await bench.send('POST', '/warmup', { headers: JSON_TYPE, body: '{"content_hash":"x"}' });
    expect(answer.text).toBe('warmup unsupported without tenant + extension context');
  });

  test.each([
    ['localhost', 200],
    ['LOCALHOST:1', 200],
    ['127.0.0.1:80', 200],
    ['[::1]:80', 200],
    ['evil.example', 421],
    ['localhost.evil.example', 421],
    ['127.0.0.1@evil.example', 421],
  ])('Host %s is answered with %i', async (host, status) => {
    const answer = await bench.send('GET', '/healthz', { headers: { host } });
    expect([answer.status, answer.headers['cache-control']]).toEqual([status, IMMUTABLE]);
  });
});

describe('/healthz (spec 4.1)', () => {
  test('a store that answers', async () => {
    const answer = await bench.send('GET', '/healthz');
    expect([answer.status, answer.headers['content-type'], JSON.parse(answer.text)]).toEqual([
      200,
      'application/json',
      { cache_writable: true, bundle_store: 'ok', ext_cache_max_bytes: null },
    ]);
  });

  test('a store that does not, and a size that is only told', async () => {
    const bundles = new BundleCache(join(bench.dir, 'c'), openBundleStore(join(bench.dir, 'nowhere')));
    await using own = await openBench({ bundles, cacheMaxBytes: '5GB' });
    const answer = await own.send('GET', '/healthz');
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      { cache_writable: true, bundle_store: 'bundle_store_unreachable', ext_cache_max_bytes: '5GB' },
    ]);
  });

  test('no store at all', async () => {
    await using own = await openBench({ bundles: new BundleCache(join(bench.dir, 'c'), undefined) });
    expect(JSON.parse((await own.send('GET', '/healthz')).text)).toMatchObject({
      cache_writable: true,
      bundle_store: 'bundle_store_unreachable',
    });
  });

  test('a cache that cannot be written: 503', async () => {
    const file = join(bench.dir, 'a file');
    await writeFile(file, '');
    await using own = await openBench({ bundles: new BundleCache(file, openBundleStore(bench.storeDir)) });
    const answer = await own.send('GET', '/healthz');
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toMatchObject({ cache_writable: false, bundle_store: 'ok' });
  });
});

describe('GET / (spec 4.1)', () => {
  test.each<[string, number, string, number]>([
    ['an install', 200, '{"tenant_id":"t&1","extension_id":"e/1","content_hash":"sha256:ab"}', 307],
    ['no install', 404, '{}', 404],
    ['an answer without sense', 200, '{"tenant_id":1}', 502],
    ['no JSON', 200, 'oops', 502],
  ])('the registry knows %s', async (_name, status, body, expected) => {
    const asked: unknown[] = [];
    const registry = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://registry');
      asked.push([url.pathname, url.searchParams.get('host'), request.headers['x-api-key']]);
      response.writeHead(status).end(body);
    });
    await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
    const { port } = registry.address() as AddressInfo;
    await using own = await openBench({
      registry: new RemoteRegistry(`http://127.0.0.1:${port}/path?x`, 'key'),
    });
    const answer = await own.send('GET', '/?parentOrigin=x', { headers: { host: 'a-b.ext.example' } });
    registry.closeAllConnections();
    registry.close();
    expect(asked).toEqual([['/api/installs/lookup-by-host', 'a-b.ext.example', 'key']]);
    expect([answer.status, answer.headers['cache-control']]).toEqual([expected, IMMUTABLE]);
    if (expected !== 307) return;
    expect(answer.headers.location).toBe('/ext-ui/e%2F1/sha256:ab/index.html?tenant=t%261&extensionId=e%2F1');
  });

  test.each([
    [undefined, 503],
    ['no address', 503],
    ['ftp://127.0.0.1', 503],
    ['http://127.0.0.1:9', 502],
  ])('with the registry at %s: %i', async (registryBase, status) => {
    await using own = await openBench({ registry: new RemoteRegistry(registryBase, undefined) });
    expect((await own.send('GET', '/')).status).toBe(status);
  });

  test('without a Host: 400', async () => {
    const text = await raw(bench.port, 'GET / HTTP/1.0\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain(IMMUTABLE);
    expect(await raw(bench.port, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test('a port that is taken is said so', async () => {
  const bundles = new BundleCache(bench.dir, undefined);
  const options = {
    runner: new FakeRunner(),
    capabilities: new FakeCapabilities(),
    egress: ALLOW_ALL,
    registry: new RemoteRegistry(undefined, undefined),
    ui: { strict: false, policy: {} },
  };
  await expect(createRunnerServer({ ...options, bundles, port: bench.port })).rejects.toMatchObject({
    code: 'gateway.port-in-use',
  });
});

test('after closing nothing listens', async () => {
  const own = await openBench();
  await own.close();
  await expect(send(own.port, 'GET', '/healthz')).rejects.toThrow();
});

/** Everything that comes back for bytes written to a socket. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('error', reject).once('close', () => resolve(text));
  });
}
