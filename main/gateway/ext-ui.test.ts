import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HASH, install, openBench, REGISTRY_ID, TENANT, writeFiles, type Bench } from './test-kit.ts';

const LABEL = '0f0e0d0c-aabbccdd';
const BASE = `/ext-ui/${REGISTRY_ID}/${encodeURIComponent(HASH)}`;
const IMMUTABLE = 'public, max-age=31536000, immutable';
const FILES = {
  'ui/index.html': '<!doctype html><title>x</title>',
  'ui/main.js': 'export {};',
  'ui/assets/a.svg': '<svg/>',
  'ui/LICENSE': 'free',
};
const etagOf = (text: string): string => `"sha256-${createHash('sha256').update(text).digest('hex')}"`;

let bench: Bench;
let extensionHost: string;
beforeAll(async () => {
  bench = await openBench({ frameAncestors: ['xwb://app'], maxUiFileBytes: 100 });
  extensionHost = `${LABEL}.localhost:${bench.gateway.port}`;
  await writeFiles(bench.dir, { ...FILES, 'ui/big.js': 'x'.repeat(101), 'secret.js': 'outside' });
});
beforeEach(() => {
  bench.registry.all = [install({ uiDir: join(bench.dir, 'ui') })];
});
afterAll(() => bench.close());

const get = (path: string, headers: Record<string, string> = {}): ReturnType<Bench['send']> =>
  bench.send('GET', path, { host: extensionHost, headers });

describe('order of checks (spec 5.2)', () => {
  it.each<[string, string, number, string]>([
    ['1 no prefix', `/ext-ui/${REGISTRY_ID}/${'ab'.repeat(32)}/index.html`, 400, 'invalid content hash'],
    ['1 not hex', `/ext-ui/${REGISTRY_ID}/sha256:xyz/index.html`, 400, 'invalid content hash'],
    ['1 before the path', `/ext-ui/${REGISTRY_ID}/nothing/../x`, 400, 'invalid content hash'],
    ['2 another tenant', `${BASE}/index.html?tenant=other`, 404, 'not found'],
    ['3 another extension', `/ext-ui/other/${HASH}/index.html`, 404, 'not found'],
    ['3 another hash', `/ext-ui/${REGISTRY_ID}/sha256:${'cd'.repeat(32)}/index.html`, 404, 'not found'],
    ['5 hidden', `${BASE}/.env`, 400, 'invalid path'],
    ['5 raw dots', `${BASE}/../../secret.js`, 400, 'invalid path'],
    ['5 encoded dots', `${BASE}/%2e%2e/secret.js`, 400, 'invalid path'],
    ['5 encoded slash', `${BASE}/..%2fsecret.js`, 400, 'invalid path'],
    ['5 backslash', `${BASE}/..\\secret.js`, 400, 'invalid path'],
    ['5 extension', `${BASE}/main.mjs`, 400, 'invalid path'],
    ['5 before the fallback', `${BASE}/missing.gif`, 400, 'invalid path'],
    ['6 missing file', `${BASE}/missing.js`, 200, FILES['ui/index.html']],
    ['6 directory', `${BASE}/assets/`, 200, FILES['ui/index.html']],
    ['6 empty path', `${BASE}/`, 200, FILES['ui/index.html']],
    ['6 no path at all', BASE, 200, FILES['ui/index.html']],
    ['6 a client route', `${BASE}/clients/7`, 200, FILES['ui/index.html']],
    ['7 too large', `${BASE}/big.js`, 413, 'asset too large'],
    ['a file', `${BASE}/main.js`, 200, FILES['ui/main.js']],
    ['a file without extension', `${BASE}/LICENSE`, 200, 'free'],
  ])('%s', async (_row, path, status, body) => {
    const reply = await get(path);
    expect([reply.status, reply.text]).toEqual([status, body]);
    expect(reply.headers['cache-control']).toBe(IMMUTABLE);
  });

  it('6 answers 404 where there is no index.html, and where the bundle has no UI', async () => {
    bench.registry.all = [install({ uiDir: join(bench.dir, 'none') })];
    expect((await get(`${BASE}/index.html`)).status).toBe(404);
    bench.registry.all = [install()];
    expect((await get(`${BASE}/index.html`)).status).toBe(404);
  });

  it.each(['*', etagOf(FILES['ui/main.js']), `"x", ${etagOf(FILES['ui/main.js'])}`])(
    '8 304 for %s',
    async tag => {
      const reply = await get(`${BASE}/main.js`, { 'if-none-match': tag });
      expect([reply.status, reply.text]).toEqual([304, '']);
      expect(reply.headers.etag).toBe(etagOf(FILES['ui/main.js']));
      expect(reply.headers['cache-control']).toBe(IMMUTABLE);
    },
  );

  it.each(['"x"', `W/${etagOf(FILES['ui/main.js'])}`])('8 200 for %s', async tag => {
    expect((await get(`${BASE}/main.js`, { 'if-none-match': tag })).status).toBe(200);
  });

  it('serves a disabled install (spec 8)', async () => {
    bench.registry.all = [install({ uiDir: join(bench.dir, 'ui'), enabled: false })];
    expect((await get(`${BASE}/main.js`)).status).toBe(200);
  });
});

describe('headers (spec 5.4, 5.5)', () => {
  it('names type, length, tag and policy of HTML', async () => {
    const { headers } = await get(`${BASE}/index.html?tenant=${TENANT.tenantId}&extensionId=${REGISTRY_ID}`);
    const { port } = bench.gateway;
    expect(headers).toMatchObject({
      'content-type': 'text/html',
      'content-length': String(FILES['ui/index.html'].length),
      etag: etagOf(FILES['ui/index.html']),
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; " +
        `frame-ancestors http://localhost:${port} http://127.0.0.1:${port} xwb://app`,
    });
    expect(headers).not.toHaveProperty('x-xwb-build');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('gives other files no policy', async () => {
    const { headers } = await get(`${BASE}/main.js`);
    expect(headers['content-type']).toBe('text/javascript');
    expect(headers).not.toHaveProperty('content-security-policy');
  });

  it('keeps the policy on a 304 of HTML', async () => {
    const { headers } = await get(`${BASE}/index.html`, { 'if-none-match': '*' });
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers).not.toHaveProperty('x-content-type-options');
  });

  it('answers HEAD without a body', async () => {
    const reply = await bench.send('HEAD', `${BASE}/main.js`, { host: extensionHost });
    expect([reply.status, reply.text, reply.headers['content-length']]).toEqual([200, '', '10']);
  });
});

describe('the root of an extension host (spec 4.1)', () => {
  it('redirects and loses what it was asked with', async () => {
    const reply = await get(`/?parentOrigin=http%3A%2F%2Flocalhost&_h=${encodeURIComponent(HASH)}`);
    expect(reply.status).toBe(307);
    expect(reply.headers.location).toBe(
      `/ext-ui/${REGISTRY_ID}/${HASH}/index.html?tenant=${TENANT.tenantId}&extensionId=${REGISTRY_ID}`,
    );
    expect(reply.headers['cache-control']).toBe(IMMUTABLE);
    expect((await get(reply.headers.location ?? '')).text).toBe(FILES['ui/index.html']);
  });
});

describe('the main site', () => {
  const onMain = (path: string, headers: Record<string, string> = {}): ReturnType<Bench['send']> =>
    bench.send('GET', path, { headers });

  it('wants a tenant once, then takes sub-resources without (spec 5.2 step 2)', async () => {
    const hash = `sha256:${'0123'.repeat(16)}`;
    bench.registry.all = [install({ uiDir: join(bench.dir, 'ui'), contentHash: hash })];
    const file = `/ext-ui/${REGISTRY_ID}/${hash}/main.js`;
    expect((await onMain(file)).status).toBe(404);
    expect((await onMain(file, { 'x-tenant-id': 'other' })).status).toBe(404);
    expect((await onMain(`${file}?tenant=${TENANT.tenantId}`)).status).toBe(200);
    expect((await onMain(file)).status).toBe(200);
  });

  it.each(['index.html', 'main.js', 'assets/a.svg'])('sandboxes %s and names the build', async file => {
    const { headers } = await onMain(`${BASE}/${file}`, { 'x-tenant-id': TENANT.tenantId });
    expect(headers['content-security-policy']).toMatch(
      /(^|; )sandbox allow-scripts allow-forms allow-popups$/,
    );
    expect(headers['content-security-policy']).not.toContain('allow-same-origin');
    expect(headers['x-xwb-build']).toBe(HASH);
  });

  it('offers the address that uiUrl gives', async () => {
    const url = new URL(
      bench.gateway.uiUrl({ registryId: REGISTRY_ID, contentHash: HASH, tenantId: TENANT.tenantId }),
    );
    expect(url.search).toBe(`?path=%2F&tenant=${TENANT.tenantId}&extensionId=${REGISTRY_ID}`);
    expect((await onMain(url.pathname + url.search)).text).toBe(FILES['ui/index.html']);
  });
});
