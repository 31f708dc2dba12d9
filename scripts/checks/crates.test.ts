import { expect, test } from 'vitest';
import { crateProblems, type CargoMetadata } from './crates.ts';

const CRATES_IO = 'registry+https://github.com/rust-lang/crates.io-index';
type Crate = CargoMetadata['packages'][number];

const crate = (changes: Partial<Crate> = {}): Crate => ({
  name: 'good',
  version: '1.0.0',
  source: CRATES_IO,
  license: 'MIT OR Apache-2.0',
  dependencies: [],
  ...changes,
});

/** Cargo.lock of these crates. */
const lockOf = (crates: readonly Crate[]): string =>
  crates
    .map(
      ({ name, version, source }) =>
        `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "${source ?? ''}"\nchecksum = "${'a1'.repeat(32)}"\n`,
    )
    .join('\n');

const problemsOf = (...packages: Crate[]): string[] => crateProblems({ packages }, lockOf(packages));

test('nothing is wrong with good crates', () => {
  expect(problemsOf(crate(), crate({ name: 'tokio' }), crate({ name: 'other', version: '2.0.0' }))).toEqual(
    [],
  );
});

test.each<[string, Partial<Crate>, RegExp]>([
  ['a repository', { source: 'git+https://example.com/x#1' }, /^good 1\.0\.0 comes from git\+https/],
  ['another registry', { source: 'registry+https://example.com/index' }, /Only crates\.io is allowed\.$/],
  ['no licence', { license: null }, /names no licence/],
  ['a licence that asks for more', { license: 'GPL-3.0-only' }, /has the licence GPL-3\.0-only/],
  ['a banned crate', { name: 'openssl-sys' }, /^openssl-sys is banned: /],
])('%s is refused', (_name, changes, problem) => {
  expect(problemsOf(crate(changes))).toEqual([expect.stringMatching(problem)]);
});

test('a crate without a checksum is refused', () => {
  const packages = [crate()];
  const lock = lockOf(packages).replace(/checksum.*/, '');
  expect(crateProblems({ packages }, lock)).toEqual([
    'good 1.0.0 has no checksum in Cargo.lock. Let cargo write the file again.',
  ]);
});

test('two versions of a crate that guards something are refused, of another not', () => {
  const twice = (name: string): string[] => problemsOf(crate({ name }), crate({ name, version: '2.0.0' }));
  expect(twice('rustls')).toEqual(['rustls is there 2 times (1.0.0, 2.0.0). Bring those who use it to one.']);
  expect(twice('syn')).toEqual([]);
});

test('our own crates pin the engine, and need no checksum', () => {
  const own = (req: string): Crate =>
    crate({ name: 'own', source: null, license: null, dependencies: [{ name: 'wasmtime', req }] });
  expect(crateProblems({ packages: [own('=48.0.8')] }, '')).toEqual([]);
  expect(crateProblems({ packages: [own('^48.0.8')] }, '')).toEqual([
    'own asks for wasmtime ^48.0.8. Pin it: "=x.y.z".',
  ]);
});
