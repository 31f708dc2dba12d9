import { expect, test } from 'vitest';
import { isAllowed, licenceProblems } from './licences.ts';

const allowed = new Set(['MIT', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception', 'BSD-3-Clause']);

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['MIT OR GPL-3.0-only', true],
  ['GPL-3.0-only/MIT', true],
  ['GPL-3.0-only OR LGPL-3.0-only', false],
  ['MIT AND Unknown', false],
  ['(Unknown OR MIT) AND BSD-3-Clause', true],
  ['Unknown OR MIT AND BSD-3-Clause', true],
  ['MIT AND (Unknown OR Other)', false],
  ['Apache-2.0 WITH LLVM-exception', true],
  ['MIT WITH LLVM-exception', false],
])('%s: %s', (expression, answer) => {
  expect(isAllowed(expression, allowed)).toBe(answer);
});

test.each(['', '(MIT', 'MIT)', 'MIT MIT', 'MIT OR', 'AND MIT )'])('%s is no expression', expression => {
  expect(() => isAllowed(expression, allowed)).toThrow();
});

test('says what to do', () => {
  expect(licenceProblems('a 1.0.0', 'MIT', allowed)).toEqual([]);
  expect(licenceProblems('a 1.0.0', undefined, allowed)).toEqual([
    'a 1.0.0 names no licence. Find out which it has, or use something else.',
  ]);
  expect(licenceProblems('a 1.0.0', 'AGPL-3.0-only', allowed)).toEqual([
    'a 1.0.0 has the licence AGPL-3.0-only. Use something else, or allow the licence in scripts/checks/policy.ts.',
  ]);
  expect(licenceProblems('a 1.0.0', '(MIT', allowed)).toEqual([
    'a 1.0.0: “(MIT” has a bracket that does not close.',
  ]);
});
