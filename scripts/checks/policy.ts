/** What a dependency must be like to be used here. A change of this file is a decision: say why beside the entry. */

/** Licences that allow shipping in a closed or open program, with no duty but to name them. */
export const SHIPPED_LICENCES: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CDLA-Permissive-2.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
]);

/** Licences of what only builds and tests, or is shipped as it is (fonts), besides those above. */
export const DEVELOPMENT_LICENCES: ReadonlySet<string> = new Set([
  ...SHIPPED_LICENCES,
  'CC-BY-4.0',
  'MPL-2.0',
  'OFL-1.1',
  'PSF-2.0',
  'Python-2.0',
  'WTFPL',
]);

/** npm packages whose package.json names no licence, and the one that their LICENSE file is. */
export const LICENCE_FILES: Readonly<Record<string, string>> = {
  '@bytecodealliance/componentize-js': 'Apache-2.0 WITH LLVM-exception',
};

/** npm packages without any licence: the platform's own, which tests compare with. Nothing of them may be shipped. */
export const UNLICENSED: ReadonlySet<string> = new Set([
  '@alga-psa/cli',
  '@alga-psa/client-sdk',
  '@alga-psa/extension-runtime',
  '@alga-psa/ui-kit',
]);

/** npm packages with an install script. None is run (scripts/setup/dependencies.mjs); a new one is to be looked at. */
export const INSTALL_SCRIPTS: ReadonlySet<string> = new Set([
  '@github/keytar',
  'electron-winstaller',
  'esbuild',
]);

/** Shipped npm packages that guard something: one version of each, or a mended fault lives on in the other. */
export const ONE_PACKAGE: readonly string[] = ['@github/keytar', 'better-sqlite3', 'fastify', 'tar', 'zod'];

/** Crates that guard something: one version of each. */
export const ONE_CRATE: readonly string[] = [
  'base64',
  'blake3',
  'cap-std',
  'h2',
  'http',
  'hyper',
  'napi',
  'ring',
  'rustls',
  'rustls-webpki',
  'serde_json',
  'sha2',
  'tokio',
  'wasmtime',
  'wasmtime-wasi',
  'wasmtime-wasi-http',
];

/** Crates that must not come in, and why. */
export const BANNED_CRATES: Readonly<Record<string, string>> = {
  'openssl-sys': 'links the OpenSSL of the machine; rustls is what we use',
  'native-tls': 'links the TLS of the machine; rustls is what we use',
  git2: 'links libgit2; nothing here needs a repository',
};

/** Crates of which the manifest must name one exact version: they come as a family, or make what others trust. */
export const PINNED_CRATES: readonly string[] = [
  'wasm-encoder',
  'wasmparser',
  'wasmtime',
  'wasmtime-wasi',
  'wasmtime-wasi-http',
  'wasmtime-wizer',
  'wit-component',
  'wit-parser',
];
