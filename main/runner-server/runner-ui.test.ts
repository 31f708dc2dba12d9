import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RemoteRegistry, type InstallRegistry } from './install-registry.ts';
import { addBundle, EXTENSION, IMMUTABLE, openBench, TENANT, type Bench, type Reply } from './test-kit.ts';

const PAGE = '<p>hello</p>';
const SANDBOX = 'sandbox allow-scripts allow-forms allow-popups';
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'";
const ETAG = `"sha256-${createHash('sha256').update(PAGE).digest('hex')}"`;
const LABEL_HOST = '0f0e0d0c-aabbccdd.localhost';

let bench: Bench;
let hash: string;
beforeAll(async () => {
  bench = await openBench({ ui: { strict: false, policy: {}, maxFileBytes: 100 } });
  hash = await addBundle(bench.storeDir, {
    'ui/index.html': PAGE,
    'ui/assets/a.js': 'let a;',
    'ui/large.css': 'x'.repeat(101),
    'manifest.json': '{}',
  });
});
afterAll(() => bench.close());

const tenant = `?tenant=${TENANT}`;
const base = (): string => `/ext-ui/${EXTENSION}/${hash}`;
const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
  bench.send('GET', path, { headers });

describe('each row of spec 5.2 and 5.3', () => {
  test.each<[string, () => string, number, string]>([
    ['1: no prefix', () => `/ext-ui/${EXTENSION}/abcd/index.html${tenant}`, 400, 'invalid content hash'],
    ['1: no hex', () => `/ext-ui/${EXTENSION}/sha256:xyz/index.html${tenant}`, 400, 'invalid content hash'],
    [
      '4: no such bundle',
      () => `/ext-ui/${EXTENSION}/sha256:${'ab'.repeat(32)}/a.js${tenant}`,
      500,
      '{"code":"extract_failed"}',
    ],
    ['5: a dot file', () => `${base()}/.env${tenant}`, 400, 'invalid path'],
    ['5: a dot segment', () => `${base()}/%2e%2e/a.js${tenant}`, 400, 'invalid path'],
    ['5: an extension that is not served', () => `${base()}/a.mjs${tenant}`, 400, 'invalid path'],
    ['6: the root', () => `${base()}/${tenant}`, 200, PAGE],
    ['6: a directory', () => `${base()}/assets${tenant}`, 200, PAGE],
    ['6: a missing file', () => `${base()}/missing.js${tenant}`, 200, PAGE],
    ['7: too large', () => `${base()}/large.css${tenant}`, 413, 'asset too large'],
    ['a file', () => `${base()}/assets/a.js${tenant}`, 200, 'let a;'],
  ])('%s', async (_name, path, status, text) => {
    const reply = await get(path());
    expect([reply.status, reply.text, reply.headers['cache-control']]).toEqual([status, text, IMMUTABLE]);
  });

  test('4: bytes that are another bundle', async () => {
    const other = 'cd'.repeat(32);
    await addBundle(bench.storeDir, { 'a.txt': 'a' }, { extension: 'other' });
    const folder = join(bench.storeDir, 'tenants', TENANT, 'extensions', EXTENSION, 'sha256');
    const name = await addBundle(bench.storeDir, { 'b.txt': 'b' });
    const wrong = join(folder, name.replace('sha256:', ''), 'bundle.tar.zst');
    await writeFile(wrong, 'not what it was');
    const reply = await get(`/ext-ui/${EXTENSION}/${name}/index.html${tenant}`);
    expect([reply.status, reply.text]).toEqual([502, '{"code":"archive_hash_mismatch"}']);
    expect((await get(`/ext-ui/${EXTENSION}/sha256:${other}/index.html${tenant}`)).status).toBe(500);
  });

  test('6: no index.html', async () => {
    const bare = await addBundle(bench.storeDir, { 'manifest.json': '{}' });
    expect((await get(`/ext-ui/${EXTENSION}/${bare}/index.html${tenant}`)).status).toBe(404);
  });

  test.each([
    [ETAG, 304],
    [`"other", ${ETAG}`, 304],
    ['*', 304],
    ['"other"', 200],
  ])('8: If-None-Match %s is %i', async (etag, status) => {
    const reply = await get(`${base()}/index.html${tenant}`, { 'if-none-match': etag });
    expect([reply.status, reply.headers['content-security-policy']]).toEqual([
      status,
      `${POLICY}; ${SANDBOX}`,
    ]);
  });
});

describe('headers (spec 5.4, 5.5)', () => {
  test('of a page', async () => {
    const { headers } = await get(`${base()}/index.html${tenant}`);
    expect(headers).toMatchObject({
      'content-type': 'text/html',
      etag: ETAG,
      'x-content-type-options': 'nosniff',
      'content-security-policy': `${POLICY}; ${SANDBOX}`,
    });
  });

  test('an operator’s own policy and ancestors', async () => {
    const page = async (policy: object): Promise<unknown> => {
      await using own = await openBench({ ui: { strict: false, policy } });
      const own_hash = await addBundle(own.storeDir, { 'ui/index.html': PAGE });
      const reply = await own.send('GET', `/ext-ui/${EXTENSION}/${own_hash}/${tenant}`);
      return reply.headers['content-security-policy'];
    };
    expect(await page({ frameAncestors: ['https://a.example'] })).toBe(
      `${POLICY}; frame-ancestors https://a.example; ${SANDBOX}`,
    );
    expect(await page({ replacement: "default-src 'none'" })).toBe(`default-src 'none'; ${SANDBOX}`);
  });
});

describe('an extension’s own host', () => {
  test('has its files without a sandbox, and no other route', async () => {
    const host = { host: `${LABEL_HOST}:${bench.port}` };
    const page = await get(`${base()}/index.html${tenant}`, host);
    expect([page.status, page.headers['content-security-policy']]).toEqual([200, POLICY]);
    expect((await get('/healthz', host)).status).toBe(421);
  });

  test('shows no other extension', async () => {
    const reply = await get(`${base()}/index.html${tenant}`, { host: '11111111-22222222.localhost' });
    expect(reply.status).toBe(404);
  });
});

describe('strict validation (spec 5.2 steps 2 and 3)', () => {
  /** A registry that knows one install, and counts what it is asked. */
  async function withRegistry(
    answer: (path: string) => { status: number; text: string },
    work: (own: Bench, ownHash: string, asked: URLSearchParams[]) => Promise<void>,
  ): Promise<void> {
    const asked: URLSearchParams[] = [];
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://registry');
      asked.push(url.searchParams);
      const { status, text } = answer(url.pathname);
      response.writeHead(status).end(text);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ignored`;
    const registry: InstallRegistry = new RemoteRegistry(address, 'key');
    await using own = await openBench({ registry, ui: { strict: true, policy: {} } });
    try {
      await work(own, await addBundle(own.storeDir, { 'ui/index.html': PAGE, 'ui/a.js': 'let a;' }), asked);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const valid = (path: string): { status: number; text: string } =>
    path.endsWith('/validate') ? { status: 200, text: '{"valid":true}' } : { status: 404, text: '{}' };

  test('what the registry vouches for is served, and asked for once', async () => {
    await withRegistry(valid, async (own, ownHash, asked) => {
      const url = `/ext-ui/${EXTENSION}/${ownHash}`;
      expect((await own.send('GET', `${url}/index.html${tenant}`)).status).toBe(200);
      // A sub-resource has no tenant in its address: the hint of the page serves.
      expect((await own.send('GET', `${url}/a.js`)).text).toBe('let a;');
      expect(asked.map(query => [query.get('tenant'), query.get('extension'), query.get('hash')])).toEqual([
        [TENANT, EXTENSION, ownHash],
      ]);
    });
  });

  test('the tenant may stand in a header, or the registry knows it by the host', async () => {
    const byHost = (ownHash: string) => (path: string) =>
      path.endsWith('/validate')
        ? valid(path)
        : {
            status: 200,
            text: JSON.stringify({ tenant_id: TENANT, extension_id: EXTENSION, content_hash: ownHash }),
          };
    await withRegistry(byHost('sha256:ab'), async (own, ownHash) => {
      expect((await own.send('GET', `/ext-ui/${EXTENSION}/${ownHash}/`)).status).toBe(200);
    });
    await withRegistry(valid, async (own, ownHash) => {
      const headers = { 'x-tenant-id': TENANT };
      expect((await own.send('GET', `/ext-ui/${EXTENSION}/${ownHash}/`, { headers })).status).toBe(200);
    });
  });

  test.each([
    ['says no', { status: 200, text: '{"valid":false}' }],
    ['fails', { status: 500, text: 'oops' }],
    ['answers nonsense', { status: 200, text: '[]' }],
  ])('404 where the registry %s, and where nobody knows the tenant', async (_name, answer) => {
    await withRegistry(
      () => answer,
      async (own, ownHash) => {
        expect((await own.send('GET', `/ext-ui/${EXTENSION}/${ownHash}/${tenant}`)).status).toBe(404);
        expect((await own.send('GET', `/ext-ui/${EXTENSION}/${ownHash}/`)).status).toBe(404);
      },
    );
  });

  test('outcomes are kept for 45 seconds', async () => {
    let now = 0;
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end('{"valid":true}');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const registry = new RemoteRegistry(`http://127.0.0.1:${port}`, undefined, () => now);
    const name = { tenantId: 't', registryId: 'e', contentHash: 'h' };
    for (const [at, times] of [
      [0, 1],
      [44_999, 1],
      [45_000, 2],
    ] as const) {
      now = at;
      expect(await registry.validate(name)).toBe(true);
      expect(asked).toBe(times);
    }
    server.closeAllConnections();
    server.close();
  });
});
