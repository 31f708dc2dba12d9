import { describe, expect, test } from 'vitest';
import { codeOf, inToolWords, sourceFailure } from './source-failure.ts';

const failed = (kind: string, reason: string, output: string): Error =>
  Object.assign(new Error('no'), { code: 'source.failed', kind, reason, places: ['2:3'], output });

describe('errors of the addon', () => {
  test('a failed source carries all that is known of it', () => {
    expect(sourceFailure(failed('exception', 'Error: x', 'all'))).toEqual({
      code: 'source.failed',
      kind: 'exception',
      reason: 'Error: x',
      places: ['2:3'],
      output: 'all',
    });
  });

  test('other errors are not failures of a source, but may have a code', () => {
    expect(sourceFailure(Object.assign(new Error('no'), { code: 'template.damaged' }))).toBeUndefined();
    expect(sourceFailure('no')).toBeUndefined();
    expect(codeOf(Object.assign(new Error('no'), { code: 'template.damaged' }))).toBe('template.damaged');
    expect(codeOf(new Error('no'))).toBeUndefined();
  });

  test('a call of the host is told as the official tool does', () => {
    const failure = sourceFailure(failed('host-call', 'wasi:random/random@0.2.10.get-random-u64', ''));
    expect(failure && inToolWords(failure)).toContain("'wasi:random/random@0.2.10' 'get-random-u64'");
  });

  test('everything else is told in the engine’s words', () => {
    const failure = sourceFailure(failed('trap', 'the engine gave up', 'abort()'));
    expect(failure && inToolWords(failure)).toBe('abort()');
  });
});
