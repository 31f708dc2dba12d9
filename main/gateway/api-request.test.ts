import { describe, expect, it } from 'vitest';
import {
  AGENT,
  bench,
  DIRECT,
  install,
  PROXY,
  REGISTRY_ID,
  ROUTES,
  TENANT,
  useApiBench,
} from './test-kit.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

useApiBench();
function guestHeaders(): Record<string, string> {
  return Object.fromEntries(bench.runner.last.request.http.headers.map(({ name, value }) => [name, value]));
}
const BROWSER = {
  accept: '*/*',
  'accept-encoding': 'gzip',
  'accept-language': 'de',
  'user-agent': 'agent/1',
  cookie: 'session=1',
  authorization: 'Bearer x',
  referer: 'http://localhost/',
  'x-custom': 'y',
};

describe('what the guest sees (spec 4.4, 6.1, ui-bridge 7.1)', () => {
  it('proxy: its own list, always a request id, a fresh idempotency key', async () => {
    await bench.send('POST', `${PROXY}/api/items`, {
      headers: { ...BROWSER, 'content-type': 'application/octet-stream' },
      body: 'x',
    });
    expect(guestHeaders()).toEqual({
      accept: '*/*',
      'accept-encoding': 'gzip',
      'user-agent': 'agent/1',
      'content-type': 'application/octet-stream',
      'x-alga-tenant': TENANT.tenantId,
      'x-alga-extension': REGISTRY_ID,
      'x-request-id': expect.stringMatching(UUID) as string,
      'x-idempotency-key': expect.stringMatching(UUID) as string,
    });
  });

  it('proxy: the caller’s own id and key, and no key for GET', async () => {
    const headers = { 'x-request-id': 'mine', 'x-idempotency-key': 'once' };
    await bench.send('POST', `${PROXY}/api/items`, { headers });
    expect(guestHeaders()).toMatchObject(headers);
    await bench.send('GET', `${PROXY}/api/items`);
    expect(guestHeaders()).not.toHaveProperty('x-idempotency-key');
    expect(guestHeaders()).toHaveProperty('x-request-id');
  });

  it('direct: neither a made-up request id nor a key', async () => {
    await bench.send('POST', `${DIRECT}/api/items`, { headers: { ...BROWSER, 'x-idempotency-key': 'k1' } });
    expect(guestHeaders()).toEqual({
      accept: '*/*',
      'accept-encoding': 'gzip',
      'user-agent': 'agent/1',
      'x-alga-tenant': TENANT.tenantId,
      'x-alga-extension': REGISTRY_ID,
    });
    await bench.send('GET', `${DIRECT}/api/items`, { headers: { 'x-request-id': 'mine' } });
    expect(guestHeaders()).toMatchObject({ 'x-request-id': 'mine' });
  });

  it('never the trace', async () => {
    await bench.send('GET', `${PROXY}/api/items`, { headers: { 'x-xwb-trace': 'trace-12345' } });
    expect(guestHeaders()).not.toHaveProperty('x-xwb-trace');
  });

  it.each([
    ['/api/items', '/api/items'],
    ['//api//items/', '/api/items'],
    ['/api/items?b=2&a=1&b=3', '/api/items?b=3&a=1'],
    ['/api/items?q=a%20b&r=%2F', '/api/items?q=a+b&r=%2F'],
    ['/api/items/a%20b', '/api/items/a b'],
    ['/api%2Fitems', '/api/items'],
    ['/api/items/a%3Fb?q=1', '/api/items/a?b&q=1'],
    ['/api/items?__method=GET', '/api/items?__method=GET'],
  ])('%s becomes the url %s', async (path, url) => {
    await bench.send('GET', PROXY + path);
    expect(bench.runner.last.request.http.url).toBe(url);
  });

  it.each<[string, string, string | undefined, number | undefined]>([
    ['GET', '/api/items', undefined, undefined],
    ['HEAD', '/api/items', undefined, undefined],
    ['POST', '/api/items', undefined, 0],
    ['DELETE', '/api/items/7', undefined, 0],
    ['POST', '/api/items', 'abc', 3],
  ])('%s %s with %s has a body of %s bytes', async (method, path, body, bytes) => {
    for (const [, base] of ROUTES) {
      await bench.send(method, base + path, body === undefined ? {} : { body });
      expect(bench.runner.last.request.http.body?.length).toBe(bytes);
      expect(bench.runner.last.request.http.method).toBe(method);
    }
  });

  it('proxy: __method changes the method, direct leaves it', async () => {
    await bench.send('POST', `${PROXY}/api/items?__method=GET&a=1`, { body: '{"x":1}' });
    expect(bench.runner.last.request.http).toMatchObject({ method: 'GET', url: '/api/items?a=1' });
    expect(bench.runner.last.request.http.body).toBeUndefined();
    await bench.send('POST', `${DIRECT}/api/items?__method=GET`);
    expect(bench.runner.last.request.http).toMatchObject({ method: 'POST', url: '/api/items?__method=GET' });
  });

  it('names ids, limits, capabilities and the user to the run', async () => {
    await bench.send('GET', `${PROXY}/api/items`, { headers: { 'x-request-id': 'r1' } });
    expect(bench.runner.last).toMatchObject({
      componentPath: '/nowhere/main.wasm',
      limits: { timeoutMs: 1234 },
      request: {
        context: {
          requestId: 'r1',
          tenantId: TENANT.tenantId,
          extensionId: REGISTRY_ID,
          installId: 'install-1',
          versionId: 'version-1',
        },
      },
    });
    const proxy = bench.capabilities.contexts.at(-1);
    expect(proxy).toMatchObject({ user: AGENT, tenant: TENANT, capabilities: install().capabilities });
    expect(proxy?.secrets()).toEqual({ api_key: 'hush-hush' });
    await bench.send('GET', `${DIRECT}/api/items`);
    expect(bench.capabilities.contexts.at(-1)?.user).toEqual({ ...AGENT, additionalFields: {} });
  });

  it.each([REGISTRY_ID, 'install-1', 'acme.invoice-helper'])('takes %s as the extension', async id => {
    expect((await bench.send('GET', `/api/ext-proxy/${id}/api/items`)).status).toBe(200);
  });
});
