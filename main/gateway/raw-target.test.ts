import { describe, expect, it } from 'vitest';
import { readTarget } from './raw-target.ts';

describe('readTarget', () => {
  it('decodes segments and drops empty ones', () => {
    const target = readTarget('/api//ext/a%20b/%C3%B6/?q=1&q=2');
    expect(target.segments).toEqual(['api', 'ext', 'a b', 'ö']);
    expect(target.query.getAll('q')).toEqual(['1', '2']);
  });

  it('leaves dots inside names alone', () => {
    expect(readTarget('/a/..b/c..d/.e').segments).toEqual(['a', '..b', 'c..d', '.e']);
  });

  it.each([
    '',
    '*',
    'http://localhost/api',
    '/a/../b',
    '/a/./b',
    '/..',
    '/a/%2e%2e/b',
    '/a/%2E./b',
    '/a/..%2fb',
    '/a/b%2f..',
    '/a\\b',
    '/a/%5cb',
    '/a/..%5c..%5cb',
    '/a/%00',
    '/a/%0a',
    '/a/%zz',
    '/a/%ff',
  ])('refuses %j', url => {
    expect(() => readTarget(url)).toThrow(expect.objectContaining({ code: 'gateway.bad-path' }));
  });
});
