import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { KEPT_BUNDLES, pruneBundles } from './prune.ts';
import { dataDir, install, registry, store, useRegistry } from './test-kit.ts';

useRegistry();

describe('pruning', () => {
  test(`keeps the newest ${KEPT_BUNDLES} bundles with their files`, async () => {
    const first = await install({ version: '0.1.0' }, 'first');
    const other = await install({ name: 'other' }, 'other');
    for (let n = 0; n < KEPT_BUNDLES; n += 1) await install({}, `build ${n}`);
    expect(registry.installs().map(({ name, bundles }) => `${name} ${bundles.length}`)).toEqual([
      `helper ${KEPT_BUNDLES}`,
      'other 1',
    ]);
    expect(existsSync(first.componentPath ?? '')).toBe(false);
    expect(existsSync(other.componentPath ?? '')).toBe(true);
    expect(existsSync(registry.resolve('acme.helper')?.componentPath ?? '')).toBe(true);
    expect(readdirSync(path.join(dataDir, 'bundles'))).toHaveLength(KEPT_BUNDLES + 1);
    expect(
      store.db.prepare("SELECT count(*) FROM extension_version WHERE version = '0.1.0'").pluck().get(),
    ).toBe(0);
    const back = await install({ version: '0.1.0' }, 'first');
    expect(existsSync(back.componentPath ?? '')).toBe(true);
  });

  test('never lets go of what is installed or of files that are shared', async () => {
    const shared = await install({ version: '0.1.0' }, 'shared');
    store.db
      .prepare(
        `INSERT INTO extension_version (id, registry_id, version, runtime, main_entry, created_at) VALUES ('v', ?, '9.9.9', '-', 'main', 0)`,
      )
      .run((await install({ name: 'other' }, 'other')).registryId);
    store.db
      .prepare(
        `INSERT INTO extension_bundle SELECT 'b', 'v', content_hash, storage_url, size_bytes, created_at, manifest, component_path, ui_path
       FROM extension_bundle WHERE content_hash = ?`,
      )
      .run(shared.contentHash);
    for (let n = 0; n < KEPT_BUNDLES; n += 1) await install({}, `build ${n}`);
    expect(existsSync(shared.componentPath ?? '')).toBe(true);
    // An install pinned to an old bundle, as a later rollback would leave it.
    const oldest = registry.installs()[0]?.bundles.at(-1)?.contentHash ?? '';
    store.db
      .prepare(`UPDATE extension_bundle SET created_at = 0 WHERE content_hash = ?`)
      .run(registry.resolve('acme.helper')?.contentHash);
    const pinned = registry.resolve('acme.helper');
    expect(pinned?.contentHash).not.toBe(oldest);
    await pruneBundles({ store, dataDir }, pinned?.registryId ?? '');
    expect(registry.resolve('acme.helper')).toEqual(pinned);
    expect(existsSync(pinned?.componentPath ?? '')).toBe(true);
  });
});
