import { expect, test } from 'vitest';
import { Lock, Manifest, packageProblems } from './packages.ts';

const GOOD = { version: '1.0.0', license: 'MIT', integrity: `sha512-${'a'.repeat(86)}==` };

/** What is wrong with a lock file of these entries, by the folder they are in. */
function problemsOf(entries: Readonly<Record<string, object>>, wanted: object = {}): string[] {
  const lock = Lock.parse({ lockfileVersion: 3, packages: { '': {}, ...entries } });
  return packageProblems(lock, Manifest.parse({ dependencies: wanted }));
}

test('nothing is wrong with good packages', () => {
  const entries = {
    'node_modules/good': GOOD,
    'node_modules/@a/b/node_modules/other': { ...GOOD, license: '(WTFPL OR MIT)' },
    'node_modules/font': { ...GOOD, license: 'OFL-1.1', dev: true },
    'node_modules/@alga-psa/cli': { ...GOOD, license: undefined, dev: true },
    'node_modules/esbuild': { ...GOOD, hasInstallScript: true },
  };
  expect(problemsOf(entries, { good: '1.0.0' })).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['no hash', { integrity: undefined }, /^bad 1\.0\.0 has no sha512/],
  ['a weak hash', { integrity: 'sha1-abc=' }, /^bad 1\.0\.0 has no sha512/],
  [
    'a repository',
    { resolved: 'git+ssh://git@example.com/x.git#1' },
    /does not come from a package registry/,
  ],
  ['an unsafe way', { resolved: 'http://example.com/x.tgz' }, /does not come from a package registry/],
  ['a folder', { link: true }, /does not come from a package registry/],
  ['an install script', { hasInstallScript: true }, /has an install script, and none is run here/],
  ['no licence', { license: undefined }, /names no licence/],
  ['a licence that asks for more', { license: 'AGPL-3.0-only' }, /has the licence AGPL-3\.0-only/],
  ['a licence that is fine for tools only', { license: 'MPL-2.0' }, /has the licence MPL-2\.0/],
])('%s is refused', (_name, changes, problem) => {
  expect(problemsOf({ 'node_modules/bad': { ...GOOD, ...changes } })).toEqual([
    expect.stringMatching(problem),
  ]);
});

test('what has no licence at all must not be shipped', () => {
  expect(problemsOf({ 'node_modules/@alga-psa/cli': { ...GOOD, license: undefined } })).toEqual([
    expect.stringContaining('names no licence'),
  ]);
});

test('two shipped versions of a package that guards something are refused', () => {
  const second = { ...GOOD, version: '2.0.0' };
  const entries = { 'node_modules/zod': GOOD, 'node_modules/a/node_modules/zod': second };
  expect(problemsOf(entries)).toEqual([
    'zod is there 2 times (1.0.0, 2.0.0). Bring those who use it to one.',
  ]);
  expect(problemsOf({ ...entries, 'node_modules/a/node_modules/zod': { ...second, dev: true } })).toEqual([]);
});

test.each([
  ['^1.0.0', 'package.json asks for good ^1.0.0. Name one exact version.'],
  ['latest', 'package.json asks for good latest. Name one exact version.'],
  ['1.0.1', 'package.json asks for good 1.0.1, package-lock.json has 1.0.0. Run npm install.'],
])('asking for %s is refused', (version, problem) => {
  expect(problemsOf({ 'node_modules/good': GOOD }, { good: version })).toEqual([problem]);
});

test('a lock file of another kind is refused', () => {
  expect(() => Lock.parse({ lockfileVersion: 1, dependencies: {} })).toThrow();
  expect(() => Lock.parse({ lockfileVersion: 3, packages: {} })).toThrow('The root is missing.');
});
