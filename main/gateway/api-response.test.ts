import { describe, expect, it } from 'vitest';
import type { ExecuteResponse } from '../../contract/index.ts';
import { bench, DIRECT, HASH, PROXY, respond, ROUTES, useApiBench } from './test-kit.ts';

useApiBench();

describe('what the caller sees (spec 4.5, 6.1)', () => {
  const guest: ExecuteResponse = {
    status: 201,
    headers: [
      { name: 'Content-Type', value: 'text/plain' },
      { name: 'content-type', value: 'application/xml' },
      { name: 'Cache-Control', value: 'max-age=5' },
      { name: 'X-Ext-Request-Id', value: 'r' },
      { name: 'x-ext-warning', value: 'w' },
      { name: 'Set-Cookie', value: 'a=b' },
      { name: 'Location', value: '/x' },
      { name: 'Access-Control-Allow-Origin', value: '*' },
    ],
    body: Buffer.from([0, 255, 1]),
  };

  it('proxy: the listed headers of the guest, the last of equal ones', async () => {
    respond(guest);
    const { status, headers, body } = await bench.send('GET', `${PROXY}/api/items`);
    expect([status, [...body]]).toEqual([201, [0, 255, 1]]);
    expect(headers).toMatchObject({
      'content-type': 'application/xml',
      'cache-control': 'max-age=5',
      'x-ext-request-id': 'r',
      'x-ext-warning': 'w',
      'content-length': '3',
    });
    for (const name of ['set-cookie', 'location', 'access-control-allow-origin'])
      expect(headers).not.toHaveProperty(name);
  });

  it('proxy: no content type where the guest gave none', async () => {
    respond({ status: 200, headers: [], body: Buffer.from('x') });
    expect((await bench.send('GET', `${PROXY}/api/items`)).headers).not.toHaveProperty('content-type');
  });

  it('direct: the runner’s headers in place of the guest’s', async () => {
    respond(guest);
    const { status, headers, body } = await bench.send('GET', `${DIRECT}/api/items`);
    expect([status, [...body]]).toEqual([201, [0, 255, 1]]);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers).not.toHaveProperty('x-ext-warning');
  });

  it('our own marks: build, trace and what keeps a guest’s page from running', async () => {
    const { headers } = await bench.send('GET', `${PROXY}/api/items`, {
      headers: { 'x-xwb-trace': 'trace-12345' },
    });
    expect(headers).toMatchObject({
      'x-xwb-build': HASH,
      'x-xwb-trace': 'trace-12345',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
  });

  it.each(ROUTES)('%s: HEAD has no body', async (_name, base) => {
    const reply = await bench.send('HEAD', `${base}/api/items`);
    expect([reply.status, reply.text, reply.headers['content-length']]).toEqual([200, '', '8']);
  });

  it.each([200, 204, 205, 304, 404, 500, 599])('passes status %s with no body', async status => {
    respond({ status, headers: [] });
    for (const [, base] of ROUTES) {
      const reply = await bench.send('GET', `${base}/api/items`);
      expect([reply.status, reply.text]).toEqual([status, '']);
    }
  });

  it.each<[string, ExecuteResponse]>([
    ['204 with an empty list', { status: 204, headers: [], body: new Uint8Array() }],
    ['205 with a body', { status: 205, headers: [], body: Buffer.from('x') }],
    ['304 with a body', { status: 304, headers: [], body: Buffer.from('x') }],
    ['a status below 200', { status: 100, headers: [] }],
    ['a status of 0', { status: 0, headers: [] }],
    ['a status above 599', { status: 600, headers: [] }],
  ])('%s is 503', async (_name, response) => {
    respond(response);
    for (const [, base] of ROUTES) {
      const reply = await bench.send('GET', `${base}/api/items`);
      expect([reply.status, reply.text]).toEqual([503, '{"error":"access_policy_unavailable"}']);
    }
  });

  it('proxy: a header value that HTTP cannot carry is 503', async () => {
    respond({ status: 200, headers: [{ name: 'x-ext-warning', value: 'a\r\nset-cookie: x=y' }] });
    const reply = await bench.send('GET', `${PROXY}/api/items`);
    expect(reply.status).toBe(503);
    expect(reply.headers).not.toHaveProperty('set-cookie');
  });
});
