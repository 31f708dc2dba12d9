import { describe, expect, it } from 'vitest';
import { satisfies } from './version-range.ts';

describe('satisfies', () => {
  it.each([
    ['0.3.0', '^0.3.0', true],
    ['0.3.4', '^0.3.0', true],
    ['0.4.0', '^0.3.0', false],
    ['0.2.0', '^0.1.0', false],
    ['0.0.4', '^0.0.3', false],
    ['19.3.1', '^19.0.0', true],
    ['19.3.1', '^19', true],
    ['19.3.1', '^18', false],
    ['19.3.1', '^18 || ^19', true],
    ['0.9.0', '^0', true],
    ['1.2.9', '~1.2.3', true],
    ['1.3.0', '~1.2.3', false],
    ['1.9.0', '~1', true],
    ['2.0.0', '>=1.5', true],
    ['1.4.0', '>=1.5', false],
    ['1.2.3', '1.2.3', true],
    ['1.2.4', '=1.2.3', false],
    ['1.2.4', '1.2.x', true],
    ['1.3.0', '1.2.x', false],
    ['1.2.4', '1', true],
    ['1.2.4', '*', true],
    ['1.2.4', '', true],
    ['1.2.4', 'latest', true],
    ['1.2.4', 'next', false],
    ['1.2.4', 'file:../x', false],
    ['1.2.4', '1.0.0 - 2.0.0', false],
    ['1.2.4-beta.1', '^1.2.0', false],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(satisfies(version, range)).toBe(expected);
  });
});
