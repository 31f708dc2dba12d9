import { describe, expect, it } from 'vitest';
import { prepareCall } from './proxy-request.ts';
import { resizeHeight } from './resize.ts';

const PAGE = 'http://localhost:4310';
const prepare = (payload: unknown, requestId: unknown = 'q1'): ReturnType<typeof prepareCall> =>
  prepareCall({ requestId, payload }, 'id-1', PAGE);

describe('prepareCall (spec ui-bridge 3.6.1)', () => {
  it.each<[unknown, string, string]>([
    [{ route: '/api/items' }, 'POST', '/api/ext-proxy/id-1/api/items'],
    [{ route: 'api/items', method: 'get' }, 'GET', '/api/ext-proxy/id-1/api/items'],
    [{ route: '/a?x=1&x=2#y', method: 'PUT' }, 'PUT', '/api/ext-proxy/id-1/a?x=1&x=2#y'],
    [{ route: '' }, 'POST', '/api/ext-proxy/id-1/'],
    [{}, 'POST', '/api/ext-proxy/id-1/'],
    [undefined, 'POST', '/api/ext-proxy/id-1/'],
    [{ route: '/a', method: '  ' }, 'POST', '/api/ext-proxy/id-1/a'],
    [{ route: '/a', method: 7 }, 'POST', '/api/ext-proxy/id-1/a'],
    [{ route: '/a', method: null }, 'POST', '/api/ext-proxy/id-1/a'],
    [{ route: '//host/x' }, 'POST', '/api/ext-proxy/id-1//host/x'],
    [{ route: '/a/..b/c..' }, 'POST', '/api/ext-proxy/id-1/a/..b/c..'],
    [{ route: '/a/../b' }, 'POST', '/api/ext-proxy/id-1/a/../b'],
  ])('%j is %s %s', (payload, method, url) => {
    expect(prepare(payload)).toMatchObject({ kind: 'fetch', request: { method, url } });
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('sends %s', method => {
    expect(prepare({ route: '/a', method })).toMatchObject({ kind: 'fetch', request: { method } });
  });

  it.each(['HEAD', 'OPTIONS', 'TRACE', 'FETCH'])('never answers %s', method => {
    expect(prepare({ route: '/a', method })).toMatchObject({
      kind: 'drop',
      warning: { code: 'bridge.unsupported-method' },
    });
  });

  it.each([undefined, null, '', 0])('never answers the request_id %j', requestId => {
    expect(prepare({ route: '/a' }, requestId === undefined ? null : requestId)).toMatchObject({
      kind: 'drop',
      warning: { code: 'bridge.no-request-id' },
    });
  });

  it('decodes the body', () => {
    const prepared = prepare({ route: '/a', body: 'eyJhIjoxfQ==' });
    expect(prepared.kind === 'fetch' && Buffer.from(prepared.request.body ?? []).toString()).toBe('{"a":1}');
  });

  it.each(['', null, undefined, 0, false])('sends no body for %j', body => {
    const prepared = prepare({ route: '/a', body });
    expect(prepared.kind === 'fetch' && prepared.request).not.toHaveProperty('body');
  });

  it('drops the body of a GET and says so', () => {
    const prepared = prepare({ route: '/a', method: 'GET', body: 'eA==' });
    expect(prepared).toMatchObject({ kind: 'fetch', warning: { code: 'bridge.get-body' } });
    expect(prepared.kind === 'fetch' && prepared.request).not.toHaveProperty('body');
  });

  it('answers a body that is not base64 with the browser’s words', () => {
    for (const method of ['POST', 'GET'])
      expect(prepare({ route: '/a', method, body: '{"a":1}' })).toMatchObject({
        kind: 'refuse',
        error: "Failed to execute 'atob' on 'Window': The string to be decoded is not correctly encoded.",
      });
  });

  it.each([7, {}, ['/a']])('answers the route %j with the platform’s exception', route => {
    expect(prepare({ route })).toMatchObject({ kind: 'refuse', error: 'route.startsWith is not a function' });
  });

  it.each([
    '/../../v1/users',
    '../../v1/users',
    '/%2e%2e/%2e%2e/v1/users',
    '/.%2E/%2e./v1/users',
    '/..\\..\\v1\\users',
    '/../id-2/api/items',
    '/..',
    '/../id-1x/a',
    '/a/../../../ext/id-1/b',
    '/..\t/..\n/v1',
  ])('keeps the route %j from leaving its extension (§10 item 1)', route => {
    expect(prepare({ route })).toMatchObject({
      kind: 'refuse',
      error: 'Proxy error 404: {"error":"endpoint_not_found"}',
      warning: { code: 'bridge.route-escapes' },
    });
  });
});

describe('resizeHeight (spec ui-bridge 3.5)', () => {
  it.each<[unknown, number | undefined]>([
    [{ height: 640 }, 640],
    [{ height: 640.9 }, 640],
    [{ height: 5 }, 100],
    [{ height: -5 }, 100],
    [{ height: 9000 }, 4000],
    [{ height: null }, 100],
    [{ height: '' }, 100],
    [{ height: true }, 100],
    [{ height: [500] }, 500],
    [{ height: '300' }, 300],
    [{ height: 'tall' }, undefined],
    [{ height: Infinity }, undefined],
    [{ height: Number.NaN }, undefined],
    [{ height: {} }, undefined],
    [{}, undefined],
    [undefined, undefined],
    [null, undefined],
  ])('%j is %j', (payload, height) => {
    expect(resizeHeight(payload)).toBe(height);
  });
});
