import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../../contract/index.ts';
import { extractBundle } from '../bundle/index.ts';
import type { BundleStore } from './bundle-store.ts';
import { hexOf, type BundleName, type Bundles, type UnpackedBundle } from './bundles.ts';

/** The platform's upload limit (spec 1.7); a larger bundle cannot have come from there. */
const MAX_BUNDLE_BYTES = 200 * 1024 * 1024;
const DOWNLOAD_PREFIX = '.download-';
/** A download this old belongs to a process that was killed: none lasts longer than a minute. */
const STALE_MS = 60 * 60 * 1000;

/**
 * Bundles fetched, verified and unpacked in `<root>/<hex>/` (spec 1.6, 4.8), shared by all tenants as on the platform.
 * What this process has verified once is not fetched again while its files are there; what an earlier process left is
 * fetched and verified again, which the platform does not do.
 */
export class BundleCache implements Bundles {
  readonly root: string;
  readonly #store: BundleStore | undefined;
  readonly #bundles = new Map<string, Promise<UnpackedBundle>>();

  /**
   * @param root absolute folder, made when it is first needed
   * @param store absent where none is set
   */
  constructor(root: string, store: BundleStore | undefined) {
    this.root = root;
    this.#store = store;
  }

  get hasStore(): boolean {
    return this.#store !== undefined;
  }

  /** Calls for the same bundle share one fetch. */
  async unpacked(name: BundleName): Promise<UnpackedBundle> {
    const hex = hexOf(name.contentHash);
    const known = this.#bundles.get(hex);
    if (known !== undefined) {
      const bundle = await known;
      if (await isThere(bundle)) return bundle;
      if (this.#bundles.get(hex) === known) this.#bundles.delete(hex);
    }
    const fetching = this.#bundles.get(hex) ?? this.#fetch(keyOf(name, hex), hex);
    this.#bundles.set(hex, fetching);
    fetching.catch(() => {
      if (this.#bundles.get(hex) === fetching) this.#bundles.delete(hex);
    });
    return fetching;
  }

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

  async reachable(): Promise<boolean> {
    return (await this.#store?.reachable()) ?? false;
  }

  async #fetch(key: string, hex: string): Promise<UnpackedBundle> {
    if (this.#store === undefined) {
      throw new WorkbenchError('bundle.unreadable', { message: 'No bundle store is set.', details: { key } });
    }
    await prepare(this.root);
    const target = join(this.root, `${DOWNLOAD_PREFIX}${randomBytes(8).toString('hex')}`);
    try {
      const file = await this.#store.fetch(key, target, MAX_BUNDLE_BYTES);
      const { componentPath, uiDir } = await extractBundle(file, { cacheDir: this.root, expectedHash: hex });
      return { ...(componentPath !== undefined && { componentPath }), ...(uiDir !== undefined && { uiDir }) };
    } finally {
      await rm(target, { force: true });
    }
  }
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

/** Whether somebody has cleared the cache folder meanwhile. */
async function isThere({ componentPath, uiDir }: UnpackedBundle): Promise<boolean> {
  const path = componentPath ?? uiDir;
  return path === undefined || (await stat(path).catch(() => undefined)) !== undefined;
}
