import { existsSync, renameSync } from 'node:fs';
import Database from 'better-sqlite3';

/** The database file is not one, or its structure is broken. */
export class DatabaseDamage extends Error {
  override readonly name = 'DatabaseDamage';
}

/** True for an error that means the file itself is broken, not its surroundings (rights, space, locks). */
export function isDamage(error: unknown): error is Error {
  if (error instanceof DatabaseDamage) return true;
  if (!(error instanceof Database.SqliteError)) return false;
  return error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT');
}

/** Reads every page's structure; throws {@link DatabaseDamage} with the first finding. */
export function checkIntegrity(db: Database.Database): void {
  const finding = db.pragma('quick_check(1)', { simple: true });
  if (finding !== 'ok') throw new DatabaseDamage(String(finding));
}

/**
 * Renames a damaged database and its `-wal` and `-shm` to `<file>.damaged-<time>…`, so that nothing of it is lost.
 * Returns the new path of the main file.
 */
export function setFileAside(file: string, now = new Date()): string {
  const aside = freeName(`${file}.damaged-${now.toISOString().replaceAll(':', '-')}`);
  // The write-ahead log goes first: left beside a fresh file, it would be taken for that file's own.
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return aside;
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let n = 2; existsSync(name); n += 1) name = `${wanted}-${n}`;
  return name;
}
