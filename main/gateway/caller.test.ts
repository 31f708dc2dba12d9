import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBench, REGISTRY_ID, type Bench } from './test-kit.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const code = (reply: { text: string }): unknown =>
  (JSON.parse(reply.text) as { error: { code: string } }).error.code;
const PATHS = [
  ['GET', `/api/ext-proxy/${REGISTRY_ID}/api/items`],
  ['POST', `/api/ext-proxy/${REGISTRY_ID}/api/items`],
  ['GET', `/api/ext/${REGISTRY_ID}/api/items`],
  ['OPTIONS', `/api/ext/${REGISTRY_ID}/api/items`],
  ['GET', '/_xwb/events'],
  ['POST', '/_xwb/bridge'],
] as const;

describe.each(PATHS)('%s %s', (method, path) => {
  it.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://0f0e0d0c-aabbccdd.localhost:PORT' },
    { origin: 'http://127.0.0.1:PORT' },
    { origin: 'https://localhost:PORT' },
    { origin: 'http://localhost' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://localhost:PORT', 'sec-fetch-site': 'same-site' },
  ])('refuses the page %j', async headers => {
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replace('PORT', String(bench.gateway.port)),
      ]),
    );
    const reply = await bench.send(method, path, { headers: sent });
    expect([reply.status, code(reply)]).toEqual([403, 'gateway.foreign-origin']);
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('refuses another key', async () => {
    const reply = await bench.send(method, path, { headers: { 'x-api-key': `${bench.gateway.apiKey}x` } });
    expect([reply.status, code(reply)]).toEqual([401, 'gateway.bad-api-key']);
  });
});

describe('lets through', () => {
  const items = `/api/ext-proxy/${REGISTRY_ID}/api/items`;
  it.each([{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }])('%j', async headers => {
    expect((await bench.send('GET', items, { headers: { ...headers } })).status).toBe(200);
  });

  it('its own origin and its own key', async () => {
    const headers = { origin: bench.gateway.url, 'x-api-key': bench.gateway.apiKey };
    expect((await bench.send('POST', items, { headers })).status).toBe(200);
  });

  it('OPTIONS of a program, with the methods and nothing for other origins', async () => {
    const reply = await bench.send('OPTIONS', items);
    expect([reply.status, reply.headers.allow]).toEqual([
      204,
      'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS',
    ]);
  });
});
