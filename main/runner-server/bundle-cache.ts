import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../../contract/index.ts';
import { extractBundle } from '../bundle/index.ts';
import type { BundleStore } from './bundle-store.ts';

/** The platform's upload limit (spec 1.7); a larger bundle cannot have come from there. */
const MAX_BUNDLE_BYTES = 200 * 1024 * 1024;
const DOWNLOAD_PREFIX = '.download-';
/** A download this old belongs to a process that was killed: none lasts longer than a minute. */
const STALE_MS = 60 * 60 * 1000;

/** Which bundle a call names. Tenant and extension are those of the headers (spec 4.3 step 4). */
export interface BundleName {
  readonly tenantId: string;
  readonly registryId: string;
  /** With or without `sha256:`, any case (spec 1.4). */
  readonly contentHash: string;
}

/**
 * Bundles fetched, verified and unpacked in `<root>/<hex>/` (spec 1.6, 4.8), shared by all tenants as on the platform.
 * What this process has verified once is not fetched again while its files are there; what an earlier process left is
 * fetched and verified again, which the platform does not do.
 */
export class BundleCache {
  readonly root: string;
  readonly #store: BundleStore | undefined;
  readonly #components = new Map<string, Promise<string>>();

  /**
   * @param root absolute folder, made when it is first needed
   * @param store absent where none is set
   */
  constructor(root: string, store: BundleStore | undefined) {
    this.root = root;
    this.#store = store;
  }

  /** Whether there is a store to fetch from. */
  get hasStore(): boolean {
    return this.#store !== undefined;
  }

  /**
   * Absolute path of the bundle's component. Calls for the same bundle share one fetch.
   *
   * @throws `bundle.*`: see `extractBundle`; `bundle.unreadable` also for ids and hashes that cannot be a key
   */
  async component(name: BundleName): Promise<string> {
    const hex = hexOf(name.contentHash);
    const known = this.#components.get(hex);
    if (known !== undefined) {
      const path = await known;
      if (await isFile(path)) return path;
      if (this.#components.get(hex) === known) this.#components.delete(hex);
    }
    const fetching = this.#components.get(hex) ?? this.#fetch(keyOf(name, hex), hex);
    this.#components.set(hex, fetching);
    fetching.catch(() => {
      if (this.#components.get(hex) === fetching) this.#components.delete(hex);
    });
    return fetching;
  }

  /** Whether the cache folder can be written (spec 4.1, `/healthz`). */
  async writable(): Promise<boolean> {
    const probe = join(this.root, `.probe-${randomBytes(8).toString('hex')}`);
    try {
      await mkdir(this.root, { recursive: true });
      await writeFile(probe, '', { flag: 'wx' });
      await rm(probe);
      return true;
    } catch {
      return false;
    }
  }

  /** Whether the store answers; no store does not. */
  async reachable(): Promise<boolean> {
    return (await this.#store?.reachable()) ?? false;
  }

  async #fetch(key: string, hex: string): Promise<string> {
    if (this.#store === undefined) {
      throw new WorkbenchError('bundle.unreadable', { message: 'No bundle store is set.', details: { key } });
    }
    await prepare(this.root);
    const target = join(this.root, `${DOWNLOAD_PREFIX}${randomBytes(8).toString('hex')}`);
    try {
      const file = await this.#store.fetch(key, target, MAX_BUNDLE_BYTES);
      const { componentPath } = await extractBundle(file, { cacheDir: this.root, expectedHash: hex });
      if (componentPath !== undefined) return componentPath;
      throw new WorkbenchError('bundle.unreadable', {
        message: 'The bundle holds no dist/main.wasm.',
        details: { key },
      });
    } finally {
      await rm(target, { force: true });
    }
  }
}

function hexOf(contentHash: string): string {
  const hex = contentHash
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new WorkbenchError('bundle.unreadable', { message: 'The content hash is not a SHA-256.' });
}

/** The object key (spec 1.8). Ids come from headers: one that would lead elsewhere in the store is refused. */
function keyOf({ tenantId, registryId }: BundleName, hex: string): string {
  for (const id of [tenantId, registryId]) {
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(id)) {
      throw new WorkbenchError('bundle.unreadable', {
        message: 'The tenant or the extension cannot be part of an object key.',
      });
    }
  }
  return `tenants/${tenantId}/extensions/${registryId}/sha256/${hex}/bundle.tar.zst`;
}

/** Makes the folder and removes what killed processes left in it. */
async function prepare(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    const before = Date.now() - STALE_MS;
    for (const name of await readdir(root)) {
      if (!name.startsWith(DOWNLOAD_PREFIX)) continue;
      const path = join(root, name);
      const found = await stat(path).catch(() => undefined);
      if (found && found.mtimeMs < before) await rm(path, { force: true });
    }
  } catch (cause) {
    throw new WorkbenchError('bundle.write-failed', { details: { root, reason: String(cause) }, cause });
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
