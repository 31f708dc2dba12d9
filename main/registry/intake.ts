import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError, type Manifest } from '../../contract/index.ts';
import type { BundleWork, ExtractedBundle } from '../bundle/index.ts';
import { effectiveCapabilities, parseManifest } from '../manifest/index.ts';
import { durably, type Store } from '../store/index.ts';

/** Folder of the extracted bundles below the data folder. */
const BUNDLES_FOLDER = 'bundles';

interface Intake {
  readonly manifest: Manifest;
  readonly extracted: ExtractedBundle;
  readonly sizeBytes: number;
}

/**
 * Extracts and checks a bundle, then records it and points the tenant's install at it, in one transaction.
 * Returns the registry id. See `Registry.installBundle` for the rules and errors.
 */
export async function takeIn(
  o: { store: Store; tenantId: string; dataDir: string; extract: BundleWork['extract'] },
  bundleFile: string,
): Promise<string> {
  const extracted = await o.extract(bundleFile, { cacheDir: path.join(o.dataDir, BUNDLES_FOLDER) });
  const intake = {
    extracted,
    manifest: manifestOf(extracted),
    sizeBytes: (await stat(bundleFile)).size,
  };
  return durably(o.store, () => record(o, intake));
}

function manifestOf({ manifestText }: ExtractedBundle): Manifest {
  if (manifestText === undefined) throw new WorkbenchError('registry.no-manifest');
  const { manifest, problems } = parseManifest(manifestText);
  if (manifest) return manifest;
  throw new WorkbenchError('manifest.invalid', { details: { problems } });
}

function record(
  { store, tenantId, dataDir }: { store: Store; tenantId: string; dataDir: string },
  intake: Intake,
): string {
  const { db } = store;
  const { manifest } = intake;
  const now = Date.now();
  const registryId = recordEntry(db, manifest, now);
  const versionId = recordVersion(db, registryId, manifest, now);
  const bundleId = recordBundle(db, { registryId, versionId, dataDir, now }, intake);
  recordEndpoints(db, versionId, manifest);
  db.prepare(
    `INSERT INTO tenant_extension_install
       (id, tenant_id, registry_id, version_id, bundle_id, granted_caps, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET version_id = excluded.version_id, bundle_id = excluded.bundle_id,
       granted_caps = excluded.granted_caps, updated_at = excluded.updated_at`,
  ).run(
    randomUUID(),
    tenantId,
    registryId,
    versionId,
    bundleId,
    JSON.stringify(effectiveCapabilities(manifest.capabilities)),
    now,
    now,
  );
  return registryId;
}

function recordEntry(db: Store['db'], { name, publisher = '' }: Manifest, now: number): string {
  const slug = (publisher === '' ? name : `${publisher}.${name}`).toLowerCase();
  return requiredId(
    db
      .prepare<unknown[], string>(
        `INSERT INTO extension_registry VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (publisher, name) DO UPDATE SET updated_at = excluded.updated_at RETURNING id`,
      )
      .pluck()
      .get(randomUUID(), publisher, name, slug, now, now),
  );
}

function recordVersion(db: Store['db'], registryId: string, manifest: Manifest, now: number): string {
  return requiredId(
    db
      .prepare<unknown[], string>(
        `INSERT INTO extension_version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (registry_id, version) DO UPDATE SET runtime = excluded.runtime, main_entry = excluded.main_entry,
           api_endpoints = excluded.api_endpoints, ui = excluded.ui, capabilities = excluded.capabilities RETURNING id`,
      )
      .pluck()
      .get(
        randomUUID(),
        registryId,
        manifest.version,
        manifest.runtime,
        manifest.ui?.entry ?? 'main',
        JSON.stringify(manifest.endpoints),
        manifest.ui ? JSON.stringify(manifest.ui) : null,
        JSON.stringify(manifest.capabilities),
        now,
      ),
  );
}

function recordBundle(
  db: Store['db'],
  o: { registryId: string; versionId: string; dataDir: string; now: number },
  { extracted, manifest, sizeBytes }: Intake,
): string {
  const relative = (file: string | undefined): string | null =>
    file === undefined ? null : path.relative(o.dataDir, file).split(path.sep).join('/');
  return requiredId(
    db
      .prepare<unknown[], string>(
        `INSERT INTO extension_bundle
           (id, version_id, content_hash, storage_url, size_bytes, created_at, manifest, component_path, ui_path)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (version_id, content_hash) DO UPDATE SET created_at = excluded.created_at RETURNING id`,
      )
      .pluck()
      .get(
        randomUUID(),
        o.versionId,
        extracted.contentHash,
        relative(extracted.dir),
        sizeBytes,
        afterTheNewest(db, o.registryId, o.now),
        JSON.stringify(manifest),
        relative(extracted.componentPath),
        relative(extracted.uiDir),
      ),
  );
}

/** A moment later than any bundle of the extension, also when the clock stands still or goes back. */
function afterTheNewest(db: Store['db'], registryId: string, now: number): number {
  const newest = db
    .prepare<[string], number | null>(
      `SELECT max(b.created_at) FROM extension_bundle b JOIN extension_version v ON v.id = b.version_id
       WHERE v.registry_id = ?`,
    )
    .pluck()
    .get(registryId);
  return Math.max(now, (newest ?? 0) + 1);
}

/** Of endpoints declared twice the last one wins (spec 8). */
function recordEndpoints(db: Store['db'], versionId: string, { endpoints }: Manifest): void {
  db.prepare('DELETE FROM extension_api_endpoint WHERE version_id = ?').run(versionId);
  const insert = db.prepare('INSERT OR REPLACE INTO extension_api_endpoint VALUES (?, ?, ?, ?, ?)');
  for (const { method, path: route, handler } of endpoints) {
    insert.run(randomUUID(), versionId, method, route, handler);
  }
}

function requiredId(id: string | undefined): string {
  if (id === undefined) throw new TypeError('The database gave no id back.');
  return id;
}
