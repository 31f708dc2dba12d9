import { rm } from 'node:fs/promises';
import path from 'node:path';
import { durably, type Store } from '../store/index.ts';

/** How many bundles of one extension are kept. */
export const KEPT_BUNDLES = 20;

interface OldBundle {
  id: string;
  storageUrl: string;
}

/**
 * Lets go of an extension's bundles beyond the newest {@link KEPT_BUNDLES}, with their files, and of versions that have
 * none left; an installed bundle stays. Files that another bundle shares stay, too.
 */
export async function pruneBundles(o: { store: Store; dataDir: string }, registryId: string): Promise<void> {
  const { store, dataDir } = o;
  for (const { id, storageUrl } of oldBundles(store.db, registryId)) {
    if (!isShared(store.db, id, storageUrl) && !(await removeFolder(path.join(dataDir, storageUrl))))
      continue;
    durably(store, () => {
      store.db.prepare('DELETE FROM extension_bundle WHERE id = ?').run(id);
      store.db
        .prepare(
          `DELETE FROM extension_version WHERE registry_id = ?
             AND NOT EXISTS (SELECT 1 FROM extension_bundle b WHERE b.version_id = extension_version.id)`,
        )
        .run(registryId);
    });
  }
}

function oldBundles(db: Store['db'], registryId: string): OldBundle[] {
  return db
    .prepare<[string, number], OldBundle>(
      `SELECT id, storageUrl FROM (
         SELECT b.id, b.storage_url AS storageUrl FROM extension_bundle b
         JOIN extension_version v ON v.id = b.version_id
         WHERE v.registry_id = ? ORDER BY b.created_at DESC LIMIT -1 OFFSET ?)
       WHERE id NOT IN (SELECT bundle_id FROM tenant_extension_install)`,
    )
    .all(registryId, KEPT_BUNDLES);
}

function isShared(db: Store['db'], id: string, storageUrl: string): boolean {
  return (
    db
      .prepare<[string, string], number>(
        'SELECT 1 FROM extension_bundle WHERE storage_url = ? AND id <> ? LIMIT 1',
      )
      .pluck()
      .get(storageUrl, id) !== undefined
  );
}

/** False when something still holds the files (on Windows a running call does): the row stays, and the next install tries again. */
async function removeFolder(folder: string): Promise<boolean> {
  try {
    await rm(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
