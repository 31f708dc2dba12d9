import type Database from 'better-sqlite3';
import { WorkbenchError } from '../../contract/index.ts';
import { isDamage } from './damage.ts';

/** One step of the schema. Steps are never changed once released, only added. */
export interface Migration {
  /** 1 for the first, growing by one; becomes the file's `user_version`. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings a database up to the last migration, each in one transaction: after a crash it is at one step or the next.
 * Throws `store.newer-version` for a file of a newer workbench, `store.migration-failed` when a step fails.
 */
export function migrate(db: Database.Database, migrations: readonly Migration[]): void {
  const known = migrations.at(-1)?.version ?? 0;
  const found = readVersion(db);
  if (found > known) throw new WorkbenchError('store.newer-version', { details: { found, known } });
  for (const migration of migrations) {
    if (migration.version > found) apply(db, migration);
  }
}

function apply(db: Database.Database, { version, name, sql }: Migration): void {
  const step = db.transaction(() => {
    // Another process may have been first while this one waited for the lock.
    if (readVersion(db) >= version) return;
    db.exec(sql);
    db.pragma(`user_version = ${version}`);
  });
  try {
    step.immediate();
  } catch (error) {
    if (isDamage(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('store.migration-failed', {
      details: { migration: `${version} ${name}`, reason },
      cause: error,
    });
  }
}

function readVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}
