import { describe, expect, it } from 'vitest';
import { effectiveCapabilities, matchEndpoint, needsComponent } from './index.ts';

describe('effectiveCapabilities (spec 2.5)', () => {
  const defaults = ['cap:context.read', 'cap:log.emit', 'cap:user.read'];

  it.each<[string[], string[]]>([
    [[], defaults],
    [['cap:storage.kv'], [...defaults, 'cap:storage.kv']],
    [
      ['cap:storage.kv', 'cap:http.fetch', 'cap:storage.kv'],
      [...defaults, 'cap:http.fetch', 'cap:storage.kv'],
    ],
    [['  CAP:Http.Fetch\t'], [...defaults, 'cap:http.fetch']],
    [['http.fetch', 'storage.kv', 'log', 'cap:nope', ''], defaults],
    [['cap:user.read'], defaults],
  ])('%j', (declared, granted) => {
    expect(effectiveCapabilities(declared)).toEqual(granted);
  });
});

describe('matchEndpoint (spec 2.6, gateway)', () => {
  const rows = [
    ['GET', '/'],
    ['GET', '/items'],
    ['GET', '/items/:id'],
    ['get', '/lower'],
    ['POST', '/items'],
    ['DELETE', '/items/:id/parts/:part'],
    ['OPTIONS', '/options'],
    ['HEAD', '/head'],
    ['GET', '/files/*'],
  ].map(([method = '', path = '']) => ({ method, path, handler: 'h' }));

  it.each<[method: string, path: string, matched: string | undefined]>([
    ['GET', '/', '/'],
    ['GET', '', '/'],
    ['get', '/items', '/items'],
    ['GET', 'items', '/items'],
    ['GET', '/items/', '/items'],
    ['GET', '//items//', '/items'],
    ['HEAD', '/items', '/items'],
    ['GET', '/items/7', '/items/:id'],
    ['GET', '/items/a%20b', '/items/:id'],
    ['GET', '/lower', '/lower'],
    ['POST', '/items', '/items'],
    ['DELETE', '/items/1/parts/2', '/items/:id/parts/:part'],
    ['GET', '/Items', undefined],
    ['GET', '/items/7/8', undefined],
    ['GET', '/other', undefined],
    ['PUT', '/items', undefined],
    ['DELETE', '/items//parts/2', undefined],
    ['OPTIONS', '/options', undefined],
    ['HEAD', '/head', undefined],
    ['TRACE', '/items', undefined],
    ['GET', '/files/a', undefined],
    ['GET', '/files/*', '/files/*'],
  ])('%s %s meets %s', (method, path, matched) => {
    expect(matchEndpoint(rows, method, path)?.path).toBe(matched);
  });

  it('takes the first row in manifest order and skips rows without a handler', () => {
    const table = [
      { method: 'GET', path: '/:any', handler: '' },
      { method: 'GET', path: '/:any', handler: 'first' },
      { method: 'GET', path: '/exact', handler: 'second' },
    ];
    expect(matchEndpoint(table, 'GET', '/exact')?.handler).toBe('first');
  });
});

describe('needsComponent', () => {
  it('asks for a component only when there are endpoints, whatever the runtime', () => {
    const endpoints = [{ method: 'GET', path: '/', handler: 'h' }];
    expect(needsComponent({ runtime: 'wasm-js@1', endpoints: [] })).toBe(false);
    expect(needsComponent({ runtime: 'other@1', endpoints })).toBe(true);
    expect(needsComponent({ endpoints })).toBe(true);
  });
});
