import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { WorkbenchError } from '../../contract/index.ts';
import { checkIntegrity, isDamage, setFileAside } from './damage.ts';
import { migrate, type Migration } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** How long a statement waits for another process's transaction. */
const BUSY_TIMEOUT_MS = 2000;

/** The open database. Whoever opened it owns it and closes it. */
export interface Store {
  readonly db: Database.Database;
  /** Present when a damaged file was found and a fresh one made in its place; `path` is where the damaged one went. */
  readonly setAside?: { readonly path: string; readonly reason: string };
  /** Closes the connection; safe to call twice. */
  close(): void;
}

/**
 * Opens the workbench database at `file`, making it and its folder where they are missing: structure checked, schema
 * up to date (tables after spec section 8), write-ahead log, foreign keys on.
 *
 * A damaged file is renamed to `<file>.damaged-<time>` with its log and replaced by a fresh one ({@link Store.setAside}).
 * Throws `store.unavailable` (rights, space, lock), `store.newer-version` or `store.migration-failed`.
 */
export function openStore(file: string): Store {
  return openStoreWith(file, MIGRATIONS);
}

/** {@link openStore} with another list of migrations. */
export function openStoreWith(file: string, migrations: readonly Migration[]): Store {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    return openOrReplace(file, migrations);
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('store.unavailable', { details: { file, reason }, cause: error });
  }
}

function openOrReplace(file: string, migrations: readonly Migration[]): Store {
  try {
    if (existsSync(file)) inspect(file);
    return asStore(connect(file, migrations));
  } catch (error) {
    if (!isDamage(error)) throw error;
    const setAside = { path: setFileAside(file), reason: error.message };
    return { ...asStore(connect(file, migrations)), setAside };
  }
}

function asStore(db: Database.Database): Store {
  return { db, close: () => void db.close() };
}

/** Looked at before anything is written: closing a writable connection would fold the log into a damaged file. */
function inspect(file: string): void {
  const db = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    checkIntegrity(db);
  } finally {
    db.close();
  }
}

function connect(file: string, migrations: readonly Migration[]): Database.Database {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    migrate(db, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
