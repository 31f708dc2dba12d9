import type { Store } from '../store/index.ts';
import { checkedSize, checkKey, checkNamespace, decodeCursor, encodeCursor } from './storage-checks.ts';
import { StorageError, STORAGE_LIMITS, type StorageLimits } from './storage-limits.ts';
import {
  storageTable,
  type RowContent,
  type StorageScope,
  type StorageRow,
  type StorageTable,
  type Usage,
} from './storage-table.ts';

/** A record with its JSON texts parsed. */
export interface StorageRecord {
  readonly key: string;
  readonly revision: number;
  readonly value: unknown;
  readonly metadata: unknown;
}

export interface PutInput {
  readonly namespace: string;
  readonly key: string;
  readonly value: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The revision the stored record must have; where there is no record nothing matches, zero neither. */
  readonly ifRevision?: number;
}

/** The platform's storage API (spec section 9.1) over SQLite. Each write is one transaction, each read one statement; refusals are {@link StorageError}s. */
export interface StorageService {
  get(scope: StorageScope, namespace: string, key: string): StorageRecord;
  /** Writes and gives the new revision; an existing time to live is cleared. */
  put(scope: StorageScope, input: PutInput): { readonly revision: number };
  /** False when there was no such record. */
  delete(scope: StorageScope, namespace: string, key: string): boolean;
  /** A page of 25 in key order, the size of a request that names none. `nextCursor` has the platform's defect: it names the first record left out, which is then skipped. */
  list(
    scope: StorageScope,
    namespace: string,
    cursor?: string,
  ): { readonly items: readonly StorageRecord[]; readonly nextCursor?: string };
}

/** The service over `store`; `now` gives epoch milliseconds. */
export function createStorageService(o: {
  store: Store;
  now?: () => number;
  limits?: StorageLimits;
}): StorageService {
  const { store, now = Date.now, limits = STORAGE_LIMITS } = o;
  const table = storageTable(store.db);

  const transaction = store.db.transaction((body: () => unknown) => body());

  /** What every operation begins with: the install may use storage, and its expired records go (spec 9.1). */
  function writing<T>(scope: StorageScope, body: (at: number) => T): T {
    const run = (): T => {
      const at = now();
      if (table.isDisabled(scope)) throw new StorageError('UNAUTHORIZED', 'The install is disabled.');
      if (table.purgeExpired(scope, at) > 0) table.recountUsage(scope);
      return body(at);
    };
    return transaction.immediate(run) as T;
  }

  /** The same for an operation that only reads: it waits for no writer unless something has expired. */
  function reading<T>(scope: StorageScope, body: () => T): T {
    if (table.hasExpired(scope, now())) return writing(scope, body);
    if (table.isDisabled(scope)) throw new StorageError('UNAUTHORIZED', 'The install is disabled.');
    return body();
  }

  return {
    get(scope, namespace, key) {
      return reading(scope, () => {
        checkNamespace(namespace, limits);
        checkKey(key, limits);
        const row = table.find(scope, namespace, key);
        if (!row) throw new StorageError('NOT_FOUND', 'There is no such record.');
        return toRecord(row);
      });
    },

    put(scope, input) {
      return writing(scope, at => {
        const written = checkedRow(input, limits);
        const existing = table.find(scope, input.namespace, input.key);
        checkRevision(existing, input.ifRevision);
        const growth = growthOf(table, scope, written, existing);
        checkQuota(table, scope, growth, input.namespace, limits);
        const revision = nextRevision(existing);
        table.write(scope, { ...written, revision, at });
        table.addUsage(scope, growth);
        return { revision };
      });
    },

    delete(scope, namespace, key) {
      return writing(scope, () => {
        checkNamespace(namespace, limits);
        checkKey(key, limits);
        const existing = table.find(scope, namespace, key);
        if (!existing) return false;
        table.remove(scope, namespace, key);
        const namespaces = table.countKeys(scope, namespace) === 0 ? -1 : 0;
        table.addUsage(scope, { bytes: -sizeOf(existing), keys: -1, namespaces });
        return true;
      });
    },

    list(scope, namespace, cursor) {
      return reading(scope, () => {
        checkNamespace(namespace, limits);
        const after = cursor === undefined ? undefined : decodeCursor(cursor);
        const rows = table.page(scope, namespace, after, limits.pageSize + 1);
        const leftOut = rows[limits.pageSize];
        return {
          items: rows.slice(0, limits.pageSize).map(toRecord),
          ...(leftOut && { nextCursor: encodeCursor(leftOut.key) }),
        };
      });
    },
  };
}

function checkedRow({ namespace, key, value, metadata }: PutInput, limits: StorageLimits): RowContent {
  checkNamespace(namespace, limits);
  checkKey(key, limits);
  const texts = { value: JSON.stringify(value), metadata: JSON.stringify(metadata) };
  return {
    namespace,
    key,
    ...texts,
    valueBytes: checkedSize('value', texts.value, limits.valueBytes),
    metadataBytes: checkedSize('metadata', texts.metadata, limits.metadataBytes),
  };
}

function checkRevision(existing: StorageRow | undefined, ifRevision: number | undefined): void {
  // Above that a number stands for several revisions of the world's u64, and counting never gets there.
  if (ifRevision === undefined) return;
  if (Number.isSafeInteger(ifRevision) && existing?.revision === ifRevision) return;
  const found = existing ? `the record is at revision ${existing.revision}` : 'there is no record';
  throw new StorageError('REVISION_MISMATCH', `Revision ${ifRevision} was asked for, but ${found}.`);
}

function nextRevision(existing: StorageRow | undefined): number {
  const revision = (existing?.revision ?? 0) + 1;
  if (Number.isSafeInteger(revision)) return revision;
  throw new StorageError('INTERNAL', 'The revision of the record cannot go any higher.');
}

/** What writing `written` over `existing` adds to the install's usage. */
function growthOf(
  table: StorageTable,
  scope: StorageScope,
  written: RowContent,
  existing: StorageRow | undefined,
): Usage {
  const bytes = written.valueBytes + written.metadataBytes;
  if (existing) return { bytes: bytes - sizeOf(existing), keys: 0, namespaces: 0 };
  return { bytes, keys: 1, namespaces: table.countKeys(scope, written.namespace) === 0 ? 1 : 0 };
}

function checkQuota(
  table: StorageTable,
  scope: StorageScope,
  growth: Usage,
  namespace: string,
  limits: StorageLimits,
): void {
  const used = table.usage(scope);
  if (growth.namespaces > 0 && used.namespaces + growth.namespaces > limits.namespaces) {
    throw new StorageError('QUOTA_EXCEEDED', `The install has ${limits.namespaces} namespaces already.`);
  }
  if (growth.keys > 0 && table.countKeys(scope, namespace) + growth.keys > limits.keysPerNamespace) {
    throw new StorageError('QUOTA_EXCEEDED', `The namespace has ${limits.keysPerNamespace} keys already.`);
  }
  if (growth.bytes > 0 && used.bytes + growth.bytes > limits.totalBytes) {
    throw new StorageError(
      'QUOTA_EXCEEDED',
      `The install's records would take more than ${limits.totalBytes} bytes.`,
    );
  }
}

function sizeOf(row: StorageRow): number {
  return row.valueBytes + row.metadataBytes;
}

function toRecord({ key, revision, value, metadata }: StorageRow): StorageRecord {
  return { key, revision, value: JSON.parse(value), metadata: JSON.parse(metadata) };
}
