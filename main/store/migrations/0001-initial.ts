import type { Migration } from '../migrate.ts';

/**
 * Tables and columns carry the platform's names (spec section 8) as far as they have a meaning here. Ids are UUID
 * text, moments are epoch milliseconds, lists and maps are JSON text.
 *
 * Not on the platform: `extension_registry.slug`; in `extension_bundle` the manifest and the paths of what was extracted,
 * because locally one version may get many bundles; `tenant_extension_install.bundle_id`, the bundle an install is
 * pinned to; `tenant_extension_install_secrets.names`; and the `local_` tables.
 */
export const initial: Migration = {
  version: 1,
  name: 'initial',
  sql: `
    CREATE TABLE extension_registry (
      id TEXT PRIMARY KEY,
      publisher TEXT NOT NULL,
      name TEXT NOT NULL,
      slug TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      UNIQUE (publisher, name)
    ) STRICT;
    CREATE INDEX extension_registry_slug ON extension_registry (slug);

    CREATE TABLE extension_version (
      id TEXT PRIMARY KEY,
      registry_id TEXT NOT NULL REFERENCES extension_registry (id) ON DELETE CASCADE,
      version TEXT NOT NULL,
      runtime TEXT NOT NULL,
      main_entry TEXT NOT NULL,
      api_endpoints TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(api_endpoints)),
      ui TEXT CHECK (json_valid(ui)),
      capabilities TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(capabilities)),
      created_at INTEGER NOT NULL,
      UNIQUE (registry_id, version)
    ) STRICT;

    CREATE TABLE extension_bundle (
      id TEXT PRIMARY KEY,
      version_id TEXT NOT NULL REFERENCES extension_version (id) ON DELETE CASCADE,
      content_hash TEXT NOT NULL,
      storage_url TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      manifest TEXT NOT NULL CHECK (json_valid(manifest)),
      component_path TEXT,
      ui_path TEXT,
      UNIQUE (version_id, content_hash)
    ) STRICT;
    CREATE INDEX extension_bundle_hash ON extension_bundle (content_hash);

    CREATE TABLE extension_api_endpoint (
      id TEXT PRIMARY KEY,
      version_id TEXT NOT NULL REFERENCES extension_version (id) ON DELETE CASCADE,
      method TEXT NOT NULL,
      path TEXT NOT NULL,
      handler TEXT NOT NULL,
      UNIQUE (version_id, method, path)
    ) STRICT;

    CREATE TABLE local_tenant (
      id TEXT PRIMARY KEY,
      client_name TEXT NOT NULL
    ) STRICT;

    CREATE TABLE local_user (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL REFERENCES local_tenant (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      email TEXT NOT NULL,
      name TEXT NOT NULL,
      user_type TEXT NOT NULL CHECK (user_type IN ('internal', 'client')),
      client_id TEXT,
      additional_fields TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(additional_fields)),
      permissions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(permissions))
    ) STRICT;
    CREATE INDEX local_user_tenant ON local_user (tenant_id, position);

    CREATE TABLE local_setting (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;

    CREATE TABLE tenant_extension_install (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL REFERENCES local_tenant (id) ON DELETE CASCADE,
      registry_id TEXT NOT NULL REFERENCES extension_registry (id) ON DELETE CASCADE,
      version_id TEXT NOT NULL REFERENCES extension_version (id),
      bundle_id TEXT NOT NULL REFERENCES extension_bundle (id),
      status TEXT NOT NULL DEFAULT 'enabled' CHECK (status IN ('enabled', 'disabled', 'pending')),
      granted_caps TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(granted_caps)),
      is_enabled INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      UNIQUE (tenant_id, registry_id)
    ) STRICT;
    CREATE INDEX tenant_extension_install_registry ON tenant_extension_install (registry_id);
    CREATE INDEX tenant_extension_install_version ON tenant_extension_install (version_id);
    CREATE INDEX tenant_extension_install_bundle ON tenant_extension_install (bundle_id);

    CREATE TABLE tenant_extension_install_config (
      id TEXT PRIMARY KEY,
      install_id TEXT NOT NULL UNIQUE REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
      tenant_id TEXT NOT NULL,
      config TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(config)),
      version TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE tenant_extension_install_secrets (
      id TEXT PRIMARY KEY,
      install_id TEXT NOT NULL UNIQUE REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
      tenant_id TEXT NOT NULL,
      ciphertext TEXT NOT NULL,
      algorithm TEXT NOT NULL,
      names TEXT NOT NULL CHECK (json_valid(names)),
      version TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE ext_storage_records (
      tenant TEXT NOT NULL,
      extension_install_id TEXT NOT NULL,
      namespace TEXT NOT NULL,
      key TEXT NOT NULL,
      revision INTEGER NOT NULL,
      value TEXT NOT NULL,
      metadata TEXT NOT NULL,
      value_size_bytes INTEGER NOT NULL,
      metadata_size_bytes INTEGER NOT NULL,
      ttl_expires_at INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (tenant, extension_install_id, namespace, key)
    ) STRICT;
    CREATE INDEX ext_storage_records_expiry
      ON ext_storage_records (tenant, extension_install_id, ttl_expires_at) WHERE ttl_expires_at IS NOT NULL;

    CREATE TABLE ext_storage_usage (
      tenant TEXT NOT NULL,
      extension_install_id TEXT NOT NULL,
      bytes_used INTEGER NOT NULL,
      keys_count INTEGER NOT NULL,
      namespaces_count INTEGER NOT NULL,
      PRIMARY KEY (tenant, extension_install_id)
    ) STRICT;
  `,
};
