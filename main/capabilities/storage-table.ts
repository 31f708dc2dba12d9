import type { Store } from '../store/index.ts';

/** Whose records are meant. */
export interface StorageScope {
  readonly tenantId: string;
  readonly installId: string;
}

/** What a write brings: JSON texts and their sizes in bytes. */
export interface RowContent {
  readonly namespace: string;
  readonly key: string;
  readonly value: string;
  readonly metadata: string;
  readonly valueBytes: number;
  readonly metadataBytes: number;
}

export interface StorageRow extends Omit<RowContent, 'namespace'> {
  readonly revision: number;
}

/** Amounts, or changes of amounts. */
export interface Usage {
  readonly bytes: number;
  readonly keys: number;
  readonly namespaces: number;
}

/** The statements on `ext_storage_records` and `ext_storage_usage`; transactions are the caller's. */
export interface StorageTable {
  isDisabled(scope: StorageScope): boolean;
  hasExpired(scope: StorageScope, at: number): boolean;
  /** Deletes what expired before `at`; gives how many. */
  purgeExpired(scope: StorageScope, at: number): number;
  find(scope: StorageScope, namespace: string, key: string): StorageRow | undefined;
  /** Up to `limit` rows in key order, strictly after a key. */
  page(scope: StorageScope, namespace: string, after: string | undefined, limit: number): StorageRow[];
  /** Inserts or replaces; the record has no time to live afterwards. */
  write(scope: StorageScope, row: RowContent & { revision: number; at: number }): void;
  remove(scope: StorageScope, namespace: string, key: string): void;
  countKeys(scope: StorageScope, namespace: string): number;
  usage(scope: StorageScope): Usage;
  addUsage(scope: StorageScope, change: Usage): void;
  /** Counts anew; for the rare case that many records went at once. */
  recountUsage(scope: StorageScope): void;
}

const OF_SCOPE = 'tenant = ? AND extension_install_id = ?';
const COLUMNS = `key, revision, value, metadata,
  value_size_bytes AS valueBytes, metadata_size_bytes AS metadataBytes`;

type Ids = [string, string];
const ids = ({ tenantId, installId }: StorageScope): Ids => [tenantId, installId];

/** Prepares the statements once. */
export function storageTable(db: Store['db']): StorageTable {
  const disabled = db.prepare<[string], { is_enabled: number; status: string }>(
    'SELECT is_enabled, status FROM tenant_extension_install WHERE id = ?',
  );
  const purge = db.prepare<[...Ids, number]>(
    `DELETE FROM ext_storage_records WHERE ${OF_SCOPE} AND ttl_expires_at <= ?`,
  );
  const expired = db
    .prepare<[...Ids, number], number>(
      `SELECT 1 FROM ext_storage_records WHERE ${OF_SCOPE} AND ttl_expires_at <= ? LIMIT 1`,
    )
    .pluck();
  const find = db.prepare<[...Ids, string, string], StorageRow>(
    `SELECT ${COLUMNS} FROM ext_storage_records WHERE ${OF_SCOPE} AND namespace = ? AND key = ?`,
  );
  const page = db.prepare<[...Ids, string, string, number], StorageRow>(
    `SELECT ${COLUMNS} FROM ext_storage_records WHERE ${OF_SCOPE} AND namespace = ? AND key > ? ORDER BY key LIMIT ?`,
  );
  const write = db.prepare<[...Ids, string, string, number, string, string, number, number, number, number]>(
    `INSERT INTO ext_storage_records (tenant, extension_install_id, namespace, key, revision, value, metadata,
       value_size_bytes, metadata_size_bytes, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = excluded.revision, value = excluded.value, metadata = excluded.metadata,
       value_size_bytes = excluded.value_size_bytes, metadata_size_bytes = excluded.metadata_size_bytes,
       ttl_expires_at = NULL, updated_at = excluded.updated_at`,
  );
  const remove = db.prepare<[...Ids, string, string]>(
    `DELETE FROM ext_storage_records WHERE ${OF_SCOPE} AND namespace = ? AND key = ?`,
  );
  const countKeys = db
    .prepare<[...Ids, string], number>(
      `SELECT count(*) FROM ext_storage_records WHERE ${OF_SCOPE} AND namespace = ?`,
    )
    .pluck();
  const usage = db.prepare<Ids, Usage>(
    `SELECT bytes_used AS bytes, keys_count AS keys, namespaces_count AS namespaces
     FROM ext_storage_usage WHERE ${OF_SCOPE}`,
  );
  const addUsage = db.prepare<[...Ids, number, number, number]>(
    `INSERT INTO ext_storage_usage VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET bytes_used = bytes_used + excluded.bytes_used,
       keys_count = keys_count + excluded.keys_count, namespaces_count = namespaces_count + excluded.namespaces_count`,
  );
  const recount = db.prepare<[...Ids, ...Ids]>(
    `INSERT OR REPLACE INTO ext_storage_usage
     SELECT ?, ?, coalesce(sum(value_size_bytes + metadata_size_bytes), 0), count(*), count(DISTINCT namespace)
     FROM ext_storage_records WHERE ${OF_SCOPE}`,
  );

  return {
    isDisabled({ installId }) {
      // An install the registry does not know is a run without one (a bare component): it may keep records of its own.
      const install = disabled.get(installId);
      return install !== undefined && (install.is_enabled === 0 || install.status !== 'enabled');
    },
    hasExpired: (scope, at) => expired.get(...ids(scope), at) !== undefined,
    purgeExpired: (scope, at) => purge.run(...ids(scope), at).changes,
    find: (scope, namespace, key) => find.get(...ids(scope), namespace, key),
    // Keys are never empty, so every key comes after the empty text.
    page: (scope, namespace, after = '', limit) => page.all(...ids(scope), namespace, after, limit),
    write(scope, row) {
      write.run(
        ...ids(scope),
        row.namespace,
        row.key,
        row.revision,
        row.value,
        row.metadata,
        row.valueBytes,
        row.metadataBytes,
        row.at,
        row.at,
      );
    },
    remove(scope, namespace, key) {
      remove.run(...ids(scope), namespace, key);
    },
    countKeys: (scope, namespace) => countKeys.get(...ids(scope), namespace) ?? 0,
    usage: scope => usage.get(...ids(scope)) ?? { bytes: 0, keys: 0, namespaces: 0 },
    addUsage(scope, { bytes, keys, namespaces }) {
      addUsage.run(...ids(scope), bytes, keys, namespaces);
    },
    recountUsage(scope) {
      recount.run(...ids(scope), ...ids(scope));
    },
  };
}
