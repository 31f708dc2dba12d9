import { createMockHostBindings, jsonResponse } from '@alga-psa/extension-runtime';
import { describe, expect, it, vi } from 'vitest';
import { createRouter, matchPath, RequestError, type Route } from './router.ts';

const error = vi.fn(() => Promise.resolve());
const host = createMockHostBindings({ logging: { info: error, warn: error, error } });

async function ask(routes: Route[], method: string, url: string, body?: string) {
  const answer = await createRouter(routes)(
    {
      context: { tenantId: 't', extensionId: 'e' },
      http: { method, url, headers: [], body: body === undefined ? null : new TextEncoder().encode(body) },
    },
    host,
  );
  return {
    status: answer.status,
    body: JSON.parse(new TextDecoder().decode(answer.body ?? undefined)) as unknown,
  };
}

describe('matchPath', () => {
  it.each([
    ['/api/notes', '/api/notes', {}],
    ['/api/notes/:id', '/api/notes/a%20b', { id: 'a b' }],
    ['/api/notes/:id', '/api/notes/100%', { id: '100%' }],
    ['/api/notes/:id', '/api/notes', undefined],
    ['/api/notes', '/api/Notes', undefined],
    ['/', '/', {}],
  ])('%s meets %s', (pattern, path, expected) => {
    expect(matchPath(pattern, path)).toEqual(expected);
  });
});

describe('createRouter', () => {
  const routes: Route[] = [
    { method: 'GET', path: '/a/:id', run: call => jsonResponse({ ...call.params, q: call.query.get('q') }) },
    { method: 'POST', path: '/a', run: call => jsonResponse(call.json()) },
    {
      method: 'GET',
      path: '/refused',
      run() {
        throw new RequestError(409, 'Not now.');
      },
    },
    {
      method: 'GET',
      path: '/broken',
      run() {
        throw new Error('secret detail');
      },
    },
  ];

  it.each([
    ['get', '/a/7?q=x', undefined, 200, { id: '7', q: 'x' }],
    ['HEAD', '/a/7?q=x', undefined, 200, { id: '7', q: 'x' }],
    ['HEAD', '/a', undefined, 404, { error: 'There is no HEAD /a.' }],
    ['POST', '/a', '{"n":1}', 200, { n: 1 }],
    ['POST', '/a', undefined, 400, { error: 'Send a JSON body.' }],
    ['POST', '/a', '{', 400, { error: 'The body is not JSON.' }],
    ['DELETE', '/a', undefined, 404, { error: 'There is no DELETE /a.' }],
    ['GET', '/refused', undefined, 409, { error: 'Not now.' }],
  ])('answers %s %s', async (method, url, body, status, expected) => {
    expect(await ask(routes, method, url, body)).toEqual({ status, body: expected });
  });

  it('keeps the details of a failure in the log', async () => {
    const { status, body } = await ask(routes, 'GET', '/broken');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret detail');
    expect(error).toHaveBeenCalledWith(expect.stringContaining('secret detail'));
  });
});
