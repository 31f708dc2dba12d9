import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WorkbenchError, type HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import type { HostContext } from './host-context.ts';
import { AGENT, callOf, contextWith, memoryStore, without } from './test-kit.ts';
import { targetOf } from './ui-proxy-target.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

let store: Store;
let server: Server;
let capabilities: Capabilities;
let base: string;
let seen: Seen[];
/** Status and body of the platform's next answers; undefined is none at all. */
let answer: { status: number; body?: string; location?: string } | undefined;

beforeEach(async () => {
  seen = [];
  answer = { status: 200, body: 'hello' };
  server = createServer((request, response) => {
    void buffer(request).then(body => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: body.toString() });
      if (!answer) return;
      const redirect = answer.location !== undefined && url !== answer.location;
      if (redirect) response.writeHead(307, { location: answer.location }).end();
      else response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  store = memoryStore();
  capabilities = createCapabilities({ store, uiProxy: { baseUrl: `${base}/psa/` } });
});
afterEach(async () => {
  await capabilities.close();
  store.close();
  server.closeAllConnections();
  await new Promise(closed => server.close(closed));
});

const context = (more: Partial<HostContext> = {}): HostContext =>
  contextWith(['cap:ui.proxy'], { user: AGENT, ...more });

async function ask(route: string, payload?: string, by = context()): Promise<HostReply> {
  const bytes = payload === undefined ? undefined : new TextEncoder().encode(payload);
  return capabilities.hostFunctions(by)(callOf('ui-proxy.call-route', { route }, bytes));
}

describe('target (spec 9.4)', () => {
  test.each([
    ['/api/v1/clients', '/psa/api/v1/clients'],
    ['api/v1/clients', '/psa/api/v1/clients'],
    ['  /api//v1///clients/ ', '/psa/api/v1/clients'],
    ['/api/x?a=1&b=%20?#c', '/psa/api/x?a=1&b=%20?%23c'],
    ['/api/ä b#c', '/psa/api/%C3%A4%20b%23c'],
    ['/api/a%2Fb', '/psa/api/a%2Fb'],
    ['/api/a\\..\\b', '/psa/api/a%5C..%5Cb'],
    ['/api/..a', '/psa/api/..a'],
    ['items/7', '/psa/registry-1/items/7'],
    ['/apiary', '/psa/registry-1/apiary'],
    ['/api', '/psa/registry-1/api'],
    ['?x=1', '/psa/registry-1?x=1'],
    ['//evil.example/api', '/psa/registry-1/evil.example/api'],
    ['https://evil.example/', '/psa/registry-1/https:/evil.example'],
  ])('%s → %s', (route, expected) => {
    const target = targetOf(new URL('http://psa.example/psa/#x'), 'registry-1', route);
    expect(target).toEqual(new URL(`http://psa.example${expected}`));
  });

  test.each(['', '  ', '.', '/api/../admin', '/api/./x', 'api/%2e%2E/x', '/api/.%2e', '../x'])(
    '%o is a bad request and is not sent',
    async route => {
      expect((await ask(route)).value).toEqual({ err: 'bad-request' });
      expect(seen).toEqual([]);
    },
  );
});

describe('request', () => {
  test('without a payload GET, with the headers of the run', async () => {
    const reply = await ask('/api/v1/clients?page=2');
    expect(reply.value).toEqual({ ok: null });
    expect(Buffer.from(reply.bytes ?? []).toString()).toBe('hello');
    expect(seen).toMatchObject([
      {
        method: 'GET',
        url: '/psa/api/v1/clients?page=2',
        body: '',
        headers: {
          'x-request-id': 'request-1',
          'x-alga-tenant': 'tenant-1',
          'x-alga-extension': 'registry-1',
          'x-ext-install-id': 'install-1',
          'x-ext-version-id': 'version-1',
          'x-user-id': 'user-0',
          'x-user-email': 'agent@acme.example',
          'x-api-key': 's3cret-value',
        },
      },
    ]);
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
  });

  test.each(['{"a":1}', ''])('with the payload %o POST and JSON', async payload => {
    await ask('/api/x', payload);
    expect(seen).toMatchObject([
      { method: 'POST', body: payload, headers: { 'content-type': 'application/json' } },
    ]);
  });

  test('what the run does not have is not sent', async () => {
    await ask(
      '/api/x',
      undefined,
      without(context({ secrets: () => ({}) }), 'user', 'installId', 'versionId'),
    );
    const names = Object.keys(seen[0]?.headers ?? {}).filter(name => name.startsWith('x-'));
    expect(names.sort()).toEqual(['x-alga-extension', 'x-alga-tenant', 'x-request-id']);
  });

  test.each([{ tenantId: '' }, { extensionId: '' }])('%o is internal and is not sent', async more => {
    expect((await ask('/api/x', undefined, context(more))).value).toEqual({ err: 'internal' });
    expect(seen).toEqual([]);
  });

  test('secrets that cannot be opened end the call', async () => {
    const locked = context({
      secrets: () => {
        throw new WorkbenchError('secrets.locked');
      },
    });
    await expect(ask('/api/x', undefined, locked)).rejects.toMatchObject({ code: 'secrets.locked' });
  });
});

describe('answer', () => {
  test.each([
    [200, { ok: null }],
    [201, { ok: null }],
    [204, { ok: null }],
    [401, { err: 'denied' }],
    [403, { err: 'denied' }],
    [429, { err: 'denied' }],
    [404, { err: 'route-not-found' }],
    [400, { err: 'bad-request' }],
    [418, { err: 'bad-request' }],
    [304, { err: 'internal' }],
    [500, { err: 'internal' }],
    [503, { err: 'internal' }],
  ])('%i', async (status, expected) => {
    answer = { status };
    const reply = await ask('/api/x');
    expect(reply.value).toEqual(expected);
    expect(reply.bytes?.length).toBe('ok' in expected ? 0 : undefined);
  });

  test('redirects are followed', async () => {
    answer = { status: 200, body: 'there', location: '/elsewhere' };
    const reply = await ask('/api/x', '{}');
    expect(Buffer.from(reply.bytes ?? []).toString()).toBe('there');
    expect(seen.map(({ method, url, body }) => `${method ?? ''} ${url ?? ''} ${body}`)).toEqual([
      'POST /psa/api/x {}',
      'POST /elsewhere {}',
    ]);
  });

  test('a platform that cannot be reached is internal, with the reason in the note', async () => {
    await new Promise(closed => server.close(closed));
    const reply = await ask('/api/x');
    expect(reply.value).toEqual({ err: 'internal' });
    expect(reply.note).toContain('ECONNREFUSED');
    expect(JSON.stringify(reply)).not.toContain('s3cret-value');
  });

  test('so is one that does not answer in time', async () => {
    answer = undefined;
    await using hasty = own(createCapabilities({ store, uiProxy: { baseUrl: base, timeoutMs: 20 } }));
    const reply = await hasty.hostFunctions(context())(callOf('ui-proxy.call-route', { route: '/api/x' }));
    expect(reply.value).toEqual({ err: 'internal' });
  });

  test('a cancelled run does not wait for it', async () => {
    answer = undefined;
    const cancel = new AbortController();
    const reply = ask('/api/x', undefined, context({ signal: cancel.signal }));
    cancel.abort();
    expect((await reply).value).toEqual({ err: 'internal' });
  });
});

test.each(['', 'psa.example', '/api', 'file:///etc', 'ftp://psa.example'])('%o is no base', baseUrl => {
  expect(() => createCapabilities({ store, uiProxy: { baseUrl } })).toThrow(
    expect.objectContaining({ code: 'capabilities.bad-ui-proxy-base' }),
  );
});

/** Closed at the end of the block that made it. */
function own(made: Capabilities): Capabilities & AsyncDisposable {
  return { ...made, [Symbol.asyncDispose]: () => made.close() };
}
