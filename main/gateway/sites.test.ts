import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenOnLoopback } from './listen.ts';
import { HASH, install, openBench, REGISTRY_ID, writeFiles, type Bench } from './test-kit.ts';

const LABEL = '0f0e0d0c-aabbccdd';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ frameAncestors: ['xwb://app'] });
  await writeFiles(bench.dir, {
    'ui/index.html': 'ui',
    'page/host/index.html':
      '<link rel="stylesheet" href="../assets/host-1.css"><script type="module" src="../assets/host-1.js"></script>',
    'page/assets/host-1.js': 'export {};',
    'page/assets/host-1.css': 'a{}',
    'page/assets/.hidden.js': 'no',
  });
  bench.registry.all = [install({ uiDir: join(bench.dir, 'ui') })];
});
afterAll(() => bench.close());

const code = (reply: { text: string }): unknown =>
  (JSON.parse(reply.text) as { error: { code: string } }).error.code;

describe('hosts', () => {
  it.each([
    'evil.example',
    'evil.example:PORT',
    '00000000-00000000.localhost:PORT',
    'localhost:1',
    '[::1]:PORT',
  ])('refuses %s everywhere', async host => {
    const named = host.replace('PORT', String(bench.gateway.port));
    for (const path of [
      '/',
      '/msp/extensions',
      `/api/ext/${REGISTRY_ID}/api/items`,
      '/_xwb/events',
      '/nowhere',
    ]) {
      const reply = await bench.send('GET', path, { host: named });
      expect([reply.status, code(reply)]).toEqual([421, 'gateway.foreign-host']);
    }
  });

  it.each([
    '/msp/extensions',
    `/msp/extensions/${REGISTRY_ID}`,
    `/api/ext/${REGISTRY_ID}/api/items`,
    `/api/ext-proxy/${REGISTRY_ID}/api/items`,
    '/_xwb/events',
    '/_xwb/page/assets/host-1.js',
  ])('keeps %s off an extension’s host', async path => {
    const reply = await bench.send('GET', path, { host: `${LABEL}.localhost:${bench.gateway.port}` });
    expect([reply.status, code(reply)]).toEqual([404, 'gateway.not-found']);
  });

  it.each([
    '/api/../msp/extensions',
    '/msp/%2e%2e/x',
    '/msp\\extensions',
    '/msp/%zz',
    'http://evil.example/msp',
  ])('refuses the path %s', async path => {
    const reply = await bench.send('GET', path);
    expect([reply.status, code(reply)]).toEqual([400, 'gateway.bad-path']);
  });

  it('answers on both names of the main site', async () => {
    for (const host of ['localhost', '127.0.0.1'])
      expect(
        (await bench.send('GET', '/msp/extensions', { host: `${host}:${bench.gateway.port}` })).status,
      ).toBe(200);
  });
});

describe('host page', () => {
  it('has a strict policy and points at its own files', async () => {
    const { port } = bench.gateway;
    const reply = await bench.send('GET', `/msp/extensions/${REGISTRY_ID}`);
    const files = `http://localhost:${port}/_xwb/page/assets/`;
    expect(reply.headers['content-security-policy']).toBe(
      `default-src 'none'; script-src ${files}; style-src ${files}; font-src ${files}; img-src ${files} data:; ` +
        `connect-src 'self'; frame-src http://*.localhost:${port}; base-uri 'none'; form-action 'none'; ` +
        'frame-ancestors xwb://app',
    );
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(reply.text).toContain('href="/_xwb/page/assets/host-1.css"');
    expect(reply.text).toContain('src="/_xwb/page/assets/host-1.js"');
    const script = await bench.send('GET', '/_xwb/page/assets/host-1.js');
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  });

  it.each([
    ['/', '/msp/extensions'],
    ['/msp/extensions/install-1', `/msp/extensions/${REGISTRY_ID}`],
    ['/msp/extensions/acme.invoice-helper', `/msp/extensions/${REGISTRY_ID}`],
  ])('%s leads to %s', async (from, to) => {
    const reply = await bench.send('GET', from);
    expect([reply.status, reply.headers.location]).toEqual([302, to]);
  });

  it.each([
    '/msp/extensions',
    '/msp/extensions/',
    `/msp/extensions/${REGISTRY_ID}/`,
    '/msp/extensions/unknown',
  ])('is served at %s', async path => {
    expect((await bench.send('GET', path)).status).toBe(200);
  });

  it.each(['none.js', '.hidden.js', '..%2fhost%2findex.html', 'host-1.exe'])('has no file %s', async name => {
    expect((await bench.send('GET', `/_xwb/page/assets/${name}`)).status).toBeGreaterThanOrEqual(400);
  });

  it('says so when it is not built', async () => {
    const bare = await openBench();
    const reply = await bare.send('GET', '/msp/extensions');
    expect([reply.status, code(reply)]).toEqual([500, 'gateway.page-missing']);
    expect((await bare.send('GET', '/nowhere')).status).toBe(404);
    await bare.close();
  });

  it('may be framed by nobody unless told otherwise', async () => {
    const bare = await openBench();
    await writeFiles(bare.dir, { 'page/host/index.html': 'x' });
    const reply = await bare.send('GET', '/msp/extensions');
    expect(reply.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    await bare.close();
  });
});

describe('addresses', () => {
  it('keeps its key for the data folder and gives its addresses', () => {
    const { gateway, registry } = bench;
    expect(gateway.apiKey).toMatch(/^[0-9a-f]{64}$/);
    expect(registry.settings.get('gateway.api-key')).toBe(gateway.apiKey);
    expect(gateway.url).toBe(`http://localhost:${gateway.port}`);
    expect(gateway.previewUrl(REGISTRY_ID)).toBe(`${gateway.url}/msp/extensions/${REGISTRY_ID}`);
    expect(gateway.uiUrl({ registryId: REGISTRY_ID, contentHash: HASH, tenantId: 't' })).toBe(
      `${gateway.url}/ext-ui/${REGISTRY_ID}/${encodeURIComponent(HASH)}/index.html?path=%2F&tenant=t&extensionId=${REGISTRY_ID}`,
    );
  });

  it('takes the key it finds', async () => {
    const again = await openBench({ registry: bench.registry });
    expect(again.gateway.apiKey).toBe(bench.gateway.apiKey);
    await again.close();
  });

  it('names a port that is taken', async () => {
    await expect(openBench({ port: bench.gateway.port })).rejects.toMatchObject({
      code: 'gateway.port-in-use',
    });
  });

  it('names a port that only the other loopback address has taken', async () => {
    const other = createServer();
    const bound = await new Promise<boolean>(resolve => {
      other.once('error', () => resolve(false));
      other.listen({ host: '::1', port: 0 }, () => resolve(true));
    });
    if (!bound) return;
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(listenOnLoopback(port, () => undefined)).rejects.toMatchObject({
      code: 'gateway.port-in-use',
    });
    await new Promise(resolve => other.close(resolve));
  });

  it('tells when it cannot listen at all', async () => {
    await expect(listenOnLoopback(70_000, () => undefined)).rejects.toMatchObject({
      code: 'gateway.cannot-listen',
    });
  });
});
