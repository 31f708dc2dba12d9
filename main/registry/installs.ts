import path from 'node:path';
import { z } from 'zod';
import { Manifest, WorkbenchError } from '../../contract/index.ts';
import { effectiveCapabilities } from '../manifest/index.ts';
import type { Store } from '../store/index.ts';
import type { BundleFiles, InstallRecord, LiveBuild, ResolvedInstall } from './types.ts';

interface InstallRow {
  installId: string;
  registryId: string;
  versionId: string;
  bundleId: string;
  contentHash: string;
  tenantId: string;
  name: string;
  publisher: string;
  version: string;
  status: string;
  isEnabled: number;
  manifest: string;
  componentPath: string | null;
  uiPath: string | null;
  config: string | null;
  secretNames: string | null;
}

type FilesRow = Pick<InstallRow, 'componentPath' | 'uiPath'>;

interface BundleRow {
  id: string;
  version: string;
  contentHash: string;
  createdAt: number;
}

/** Reading side of the install tables. */
export interface Installs {
  resolve(idOrSlug: string): ResolvedInstall | undefined;
  /** By registry id; throws `registry.not-installed`. */
  require(registryId: string): ResolvedInstall;
  list(): InstallRecord[];
  bundle(registryId: string, contentHash: string): BundleFiles | undefined;
  /** Lets a build answer in place of a bundle; throws `registry.not-installed`. */
  setLive(registryId: string, build: LiveBuild | undefined): void;
  expectLive(registryId: string): () => void;
  whenLive(idOrSlug: string): Promise<void> | undefined;
}

const SELECT = `
  SELECT i.id AS installId, r.id AS registryId, v.id AS versionId, b.id AS bundleId, b.content_hash AS contentHash,
    i.tenant_id AS tenantId, r.name, r.publisher, v.version, i.status, i.is_enabled AS isEnabled, b.manifest,
    b.component_path AS componentPath, b.ui_path AS uiPath, c.config, s.names AS secretNames
  FROM tenant_extension_install i
    JOIN extension_registry r ON r.id = i.registry_id
    JOIN extension_version v ON v.id = i.version_id
    JOIN extension_bundle b ON b.id = i.bundle_id
    LEFT JOIN tenant_extension_install_config c ON c.install_id = i.id
    LEFT JOIN tenant_extension_install_secrets s ON s.install_id = i.id
  WHERE i.tenant_id = :tenantId`;

const SELECT_FILES = `
  SELECT b.component_path AS componentPath, b.ui_path AS uiPath
  FROM tenant_extension_install i
    JOIN extension_version v ON v.registry_id = i.registry_id
    JOIN extension_bundle b ON b.version_id = v.id
  WHERE i.tenant_id = ? AND i.registry_id = ? AND b.content_hash = ?`;

const Config = z.record(z.string(), z.string());
const Names = z.array(z.string());

/** Installs of one tenant; the paths of their files are kept relative to `dataDir`. */
export function openInstalls(o: { store: Store; tenantId: string; dataDir: string }): Installs {
  const { store, tenantId, dataDir } = o;
  const find = store.db.prepare<[{ tenantId: string; id: string }], InstallRow>(
    `${SELECT} AND :id IN (i.id, r.id, r.slug) ORDER BY :id = i.id DESC, :id = r.id DESC, r.created_at LIMIT 1`,
  );
  const all = store.db.prepare<[{ tenantId: string }], InstallRow>(`${SELECT} ORDER BY r.name, r.publisher`);
  const bundles = store.db.prepare<[string], BundleRow>(
    `SELECT b.id, v.version, b.content_hash AS contentHash, b.created_at AS createdAt
     FROM extension_bundle b JOIN extension_version v ON v.id = b.version_id
     WHERE v.registry_id = ? ORDER BY b.created_at DESC`,
  );

  const files = store.db.prepare<[string, string, string], FilesRow>(SELECT_FILES);

  const live = new Map<string, LiveBuild>();
  const expected = new Map<string, Promise<void>>();
  const resolved = (row: InstallRow): ResolvedInstall => {
    const build = live.get(row.registryId);
    const installed = toResolved(row, dataDir);
    return build ? withBuild(installed, build) : installed;
  };
  const resolve = (idOrSlug: string): ResolvedInstall | undefined => {
    const row = find.get({ tenantId, id: idOrSlug.toLowerCase() });
    return row && resolved(row);
  };
  const require = (registryId: string): ResolvedInstall => {
    const install = resolve(registryId);
    if (install?.registryId === registryId) return install;
    throw new WorkbenchError('registry.not-installed', { details: { registryId } });
  };
  return {
    resolve,
    require,
    bundle(registryId, contentHash) {
      const row = files.get(tenantId, registryId, contentHash);
      return row && toFiles(row, dataDir);
    },
    list: () => all.all({ tenantId }).map(row => toRecord(row, resolved(row), bundles.all(row.registryId))),
    setLive(registryId, build) {
      require(registryId);
      if (build) live.set(registryId, build);
      else live.delete(registryId);
    },
    expectLive(registryId) {
      const { promise, resolve: came } = Promise.withResolvers<undefined>();
      const all = Promise.all([expected.get(registryId), promise]).then(() => undefined);
      expected.set(registryId, all);
      return () => {
        came(undefined);
        if (expected.get(registryId) === all) expected.delete(registryId);
      };
    },
    whenLive(idOrSlug) {
      if (expected.size === 0) return undefined;
      const install = resolve(idOrSlug);
      return install && expected.get(install.registryId);
    },
  };
}

type Declared = Pick<
  ResolvedInstall,
  'manifest' | 'endpoints' | 'capabilities' | 'clientPortalMenu' | 'appMenu'
>;

/** Manifests that were read, by their text: each call asks for one, and checking it takes longer than the rest. */
const manifests = new Map<string, Declared>();
const MOST_READ = 64;

function declaredIn(text: string): Declared {
  const known = manifests.get(text);
  if (known) return known;
  if (manifests.size >= MOST_READ) manifests.clear();
  const fresh = declared(Manifest.parse(JSON.parse(text)));
  manifests.set(text, fresh);
  return fresh;
}

/** What a manifest says of an install. */
function declared(manifest: Manifest): Declared {
  const { clientPortalMenu, appMenu } = manifest.ui?.hooks ?? {};
  return {
    manifest,
    endpoints: manifest.endpoints,
    capabilities: effectiveCapabilities(manifest.capabilities),
    ...(clientPortalMenu !== undefined && { clientPortalMenu }),
    ...(appMenu !== undefined && { appMenu }),
  };
}

function withBuild(installed: ResolvedInstall, build: LiveBuild): ResolvedInstall {
  const { installId, registryId, versionId, contentHash, tenantId, name, publisher, enabled, config } =
    installed;
  const { hash, manifest, sourceId, uiDir, pageServer } = build;
  return {
    installId,
    registryId,
    versionId,
    contentHash,
    buildHash: hash,
    tenantId,
    name,
    publisher,
    version: manifest.version,
    enabled,
    config,
    ...declared(manifest),
    ...(sourceId !== undefined && { sourceId }),
    ...(uiDir !== undefined && { uiDir }),
    ...(pageServer && { pageServer }),
  };
}

function toResolved(row: InstallRow, dataDir: string): ResolvedInstall {
  const { installId, registryId, versionId, contentHash, tenantId, name, publisher, version } = row;
  return {
    installId,
    registryId,
    versionId,
    contentHash,
    buildHash: contentHash,
    tenantId,
    name,
    publisher,
    version,
    enabled: row.isEnabled === 1 && row.status === 'enabled',
    ...declaredIn(row.manifest),
    config: row.config === null ? {} : Config.parse(JSON.parse(row.config)),
    ...toFiles(row, dataDir),
  };
}

function toFiles({ componentPath, uiPath }: FilesRow, dataDir: string): BundleFiles {
  return {
    ...(componentPath !== null && { componentPath: path.join(dataDir, componentPath) }),
    ...(uiPath !== null && { uiDir: path.join(dataDir, uiPath) }),
  };
}

function toRecord(row: InstallRow, install: ResolvedInstall, bundles: readonly BundleRow[]): InstallRecord {
  const { installId, registryId, versionId, name, publisher, version, contentHash, buildHash, enabled } =
    install;
  const menuLabel = install.appMenu ?? install.clientPortalMenu;
  return {
    installId,
    registryId,
    versionId,
    name,
    publisher,
    version,
    contentHash,
    buildHash,
    enabled,
    capabilities: install.capabilities,
    endpoints: install.endpoints,
    hasUi: install.uiDir !== undefined || install.pageServer !== undefined,
    ...(menuLabel !== undefined && { menuLabel }),
    bundles: bundles.map(({ id, ...bundle }) => ({ ...bundle, current: id === row.bundleId })),
    config: install.config,
    secretNames: row.secretNames === null ? [] : Names.parse(JSON.parse(row.secretNames)),
  };
}
