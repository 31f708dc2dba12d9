import { describe, expect, it } from 'vitest';
import { applyMethodOverride, type Call } from './method-override.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const call = (method: string, query: Record<string, string>, body?: string): Call => ({
  method,
  query: new Map(Object.entries(query)),
  ...(body !== undefined && { body: bytes(body) }),
});
const plain = (result: Call): unknown => ({
  method: result.method,
  query: Object.fromEntries(result.query),
  body: result.body === undefined ? undefined : Buffer.from(result.body).toString('utf8'),
});

describe('applyMethodOverride (spec 6.1, ui-bridge 3.6.3)', () => {
  it.each<[string, Call, unknown]>([
    [
      'query',
      call('POST', { __method: 'PUT', a: '1' }, '{}'),
      { method: 'PUT', query: { a: '1' }, body: '{}' },
    ],
    ['lower case', call('POST', { __method: 'delete' }, ''), { method: 'DELETE', query: {}, body: '' }],
    ['body', call('POST', {}, '{"__method":"PATCH","a":1}'), { method: 'PATCH', query: {}, body: '{"a":1}' }],
    [
      'body left empty',
      call('POST', {}, '{"__method":"DELETE"}'),
      { method: 'DELETE', query: {}, body: undefined },
    ],
    [
      'GET drops the body',
      call('POST', { __method: 'GET' }, '{"a":1}'),
      { method: 'GET', query: {}, body: undefined },
    ],
    [
      'query wins, both are stripped',
      call('POST', { __method: 'PUT' }, '{"__method":"PATCH","a":1}'),
      { method: 'PUT', query: {}, body: '{"a":1}' },
    ],
    [
      'an unusable query leaves the body its say',
      call('POST', { __method: 'TRACE' }, '{"__method":"PUT","a":1}'),
      { method: 'PUT', query: {}, body: '{"a":1}' },
    ],
  ])('%s', (_name, before, after) => {
    expect(plain(applyMethodOverride(before))).toEqual(after);
  });

  it.each<[string, Call]>([
    ['another method keeps the marker', call('PUT', { __method: 'GET' }, '{"__method":"GET"}')],
    ['GET keeps it too', call('GET', { __method: 'DELETE' })],
    ['an unknown name', call('POST', { __method: 'TRACE' }, '')],
    ['an array', call('POST', {}, '[{"__method":"PUT"}]')],
    ['a nested member', call('POST', {}, '{"a":{"__method":"PUT"}}')],
    ['not text', call('POST', {}, '{"__method":7}')],
    ['not JSON', call('POST', {}, '__method=PUT')],
    ['nothing', call('POST', {}, '')],
  ])('leaves alone: %s', (_name, before) => {
    expect(plain(applyMethodOverride(before))).toEqual(plain(before));
  });
});
