import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { packBundle } from '../bundle/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { createRegistry } from './registry.ts';
import type { Registry, SecretBox } from './types.ts';

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Base64, so that nothing sealed can be mistaken for the clear. */
export const encoding: SecretBox = {
  seal: clear => Buffer.from(clear).toString('base64'),
  open: sealed => Buffer.from(sealed, 'base64').toString(),
};

/** Temporary folder of the running test. */
export let folder: string;
export let dataDir: string;
export let store: Store;
export let registry: Registry;
export let changes: number;
let serial = 0;

function start(secretBox: SecretBox = encoding): void {
  store = openStore(path.join(dataDir, 'workbench.db'));
  registry = createRegistry({ store, dataDir, secretBox });
  changes = 0;
  registry.onChange(() => (changes += 1));
}
/** Closes everything and opens it again, as a new process would. */
export function restart(secretBox?: SecretBox): void {
  store.close();
  start(secretBox);
}
/** Gives each test of the calling file a registry in a data folder of its own. */
export function useRegistry(): void {
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'xwb registry '));
    dataDir = path.join(folder, 'data');
    start();
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

export const MANIFEST = {
  name: 'helper',
  publisher: 'Acme',
  version: '1.0.0',
  runtime: 'wasm-js@1',
  capabilities: ['cap:storage.kv', 'storage.kv', 'Cap:Secrets.Get'],
  ui: {
    type: 'iframe',
    entry: 'ui/index.html',
    hooks: { appMenu: { label: 'Helper' }, clientPortalMenu: { label: 'Portal' } },
  },
  api: { endpoints: [{ method: 'get', path: 'items', handler: 'dist/main' }] },
};

/** Packs a bundle with this manifest, or none. */
export async function bundleOf(manifest: object | undefined, content = 'one'): Promise<string> {
  serial += 1;
  const file = path.join(folder, `bundle ${serial}`, 'bundle.tar.zst');
  await packBundle(
    [
      { path: 'dist/main.wasm', source: text(`component ${content}`) },
      { path: 'ui/index.html', source: text('<p>hello</p>') },
      ...(manifest ? [{ path: 'manifest.json', source: text(JSON.stringify(manifest)) }] : []),
    ],
    file,
  );
  return file;
}
/** Installs a bundle whose manifest differs in these members. */
export const install = async (
  manifest: object = {},
  content?: string,
): ReturnType<Registry['installBundle']> =>
  registry.installBundle(await bundleOf({ ...MANIFEST, ...manifest }, content));
/** How many rows a table has. */
export const rows = (table: string): number =>
  Number(store.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
