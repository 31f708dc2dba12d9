import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { durably } from './durably.ts';
import type { Migration } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { openStore, openStoreWith, type Store } from './open-store.ts';

let folder: string;
let file: string;
let opened: Store[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'xwb-store-'));
  file = path.join(folder, 'data', 'workbench.db');
  opened = [];
});
afterEach(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(migrations: readonly Migration[] = MIGRATIONS): Store {
  const store = openStoreWith(file, migrations);
  opened.push(store);
  return store;
}

function setting(store: Store, key: string): unknown {
  return store.db.prepare('SELECT value FROM local_setting WHERE key = ?').pluck().get(key);
}

function saveSetting(store: Store, key: string, value: string): void {
  durably(store, () => store.db.prepare('INSERT INTO local_setting VALUES (?, ?)').run(key, value));
}

/** Runs `body` with a fresh store in a process of its own that then dies as if it were killed. */
function inKilledProcess(body: string): void {
  const door = pathToFileURL(path.join(import.meta.dirname, 'open-store.ts')).href;
  const script = `import { openStoreWith } from ${JSON.stringify(door)};
    const file = ${JSON.stringify(file)};
    ${body}
    process.kill(process.pid, 'SIGKILL');`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(run.signal).toBe('SIGKILL');
}

describe('opening', () => {
  test('makes folder, file and schema, and keeps data across a reopen', () => {
    const store = open();
    expect(store.setAside).toBeUndefined();
    expect(store.db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(store.db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(store.db.pragma('foreign_keys', { simple: true })).toBe(1);
    saveSetting(store, 'a', '1');
    expect(store.db.pragma('synchronous', { simple: true })).toBe(1);
    store.close();
    store.close();
    expect(setting(open(), 'a')).toBe('1');
  });

  test('the migrations are numbered from one without gaps', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test('two connections work side by side', () => {
    const first = open();
    const second = open();
    saveSetting(first, 'a', '1');
    expect(setting(second, 'a')).toBe('1');
  });

  test('a durable write that throws leaves nothing behind', () => {
    const store = open();
    const failing = (): never =>
      durably(store, () => {
        store.db.prepare("INSERT INTO local_setting VALUES ('a', '1')").run();
        throw new Error('stop');
      });
    expect(failing).toThrow('stop');
    expect(setting(store, 'a')).toBeUndefined();
    expect(store.db.pragma('synchronous', { simple: true })).toBe(1);
  });

  test('a file of a newer workbench is refused and left alone', () => {
    const store = open();
    store.db.pragma('user_version = 4711');
    store.close();
    expect(() => openStore(file)).toThrow(
      expect.objectContaining({
        code: 'store.newer-version',
        details: { found: 4711, known: MIGRATIONS.length },
      }),
    );
    expect(readdirSync(path.dirname(file))).toEqual(['workbench.db']);
  });

  test('a folder that cannot be made is a coded error', () => {
    writeFileSync(path.join(folder, 'data'), 'a file');
    expect(() => openStore(file)).toThrow(expect.objectContaining({ code: 'store.unavailable' }));
  });

  test.skipIf(process.platform === 'win32')('a folder that may not be written is a coded error', () => {
    // Root may write anywhere, so the process becomes nobody once it has loaded what it needs.
    const door = pathToFileURL(path.join(import.meta.dirname, 'open-store.ts')).href;
    const script = `import { openStore } from ${JSON.stringify(door)};
      openStore(':memory:').close();
      if (process.getuid() === 0) process.seteuid(65534);
      try { openStore(${JSON.stringify(file)}); } catch (error) { console.log(error.code); }`;
    spawnSync('mkdir', ['-m', '0555', path.dirname(file)]);
    spawnSync('chmod', ['0555', folder]);
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    spawnSync('chmod', ['0755', folder, path.dirname(file)]);
    expect(run.stdout.trim()).toBe('store.unavailable');
  });
});

describe('a damaged file', () => {
  function fill(): void {
    const store = open();
    durably(store, () => {
      const insert = store.db.prepare('INSERT INTO local_setting VALUES (?, ?)');
      for (let n = 0; n < 500; n += 1) insert.run(`key ${n}`, 'v'.repeat(200));
    });
    store.close();
  }

  function overwrite(at: number, bytes: Uint8Array): void {
    const handle = openSync(file, 'r+');
    writeSync(handle, bytes, 0, bytes.length, at);
    closeSync(handle);
  }

  const damages: [string, () => void][] = [
    ['garbage in the header', () => overwrite(0, Buffer.from('this is not a database at all'))],
    ['a flipped page', () => overwrite(4096 * 5, Buffer.alloc(4096, 0xa5))],
    ['a cut end', () => truncateSync(file, 4096 * 6 + 100)],
    ['not a database from the start', () => writeFileSync(file, Buffer.alloc(9000, 'x'))],
  ];

  test.each(damages)('%s: is set aside whole and a fresh one made', (_, damage) => {
    fill();
    damage();
    const damaged = readFileSync(file);
    const store = open();
    expect(store.setAside?.reason).not.toBe('');
    expect(store.setAside?.path.startsWith(`${file}.damaged-`)).toBe(true);
    expect(readFileSync(store.setAside?.path ?? '').equals(damaged)).toBe(true);
    expect(setting(store, 'key 1')).toBeUndefined();
    saveSetting(store, 'a', '1');
    store.close();
    const again = open();
    expect(again.setAside).toBeUndefined();
    expect(setting(again, 'a')).toBe('1');
  });

  test('takes its write-ahead log along and never overwrites an earlier one', () => {
    fill();
    overwrite(0, Buffer.alloc(100, 7));
    writeFileSync(`${file}-wal`, 'log of the damaged file');
    const first = open();
    first.close();
    overwrite(0, Buffer.alloc(100, 7));
    const second = open();
    const [one, two] = [first.setAside?.path ?? '', second.setAside?.path ?? ''];
    expect(one).not.toBe(two);
    expect(existsSync(one) && existsSync(two)).toBe(true);
    expect(readFileSync(`${one}-wal`, 'utf8')).toBe('log of the damaged file');
  });
});

describe('after a kill', () => {
  test('what was committed is there, what was open is not', () => {
    open().close();
    inKilledProcess(`
      const { MIGRATIONS } = await import(${JSON.stringify(pathToFileURL(path.join(import.meta.dirname, 'migrations/index.ts')).href)});
      const { db } = openStoreWith(file, MIGRATIONS);
      db.prepare("INSERT INTO local_setting VALUES ('done', '1')").run();
      db.exec("BEGIN; INSERT INTO local_setting VALUES ('open', '1')");`);
    expect(existsSync(`${file}-wal`)).toBe(true);
    const store = open();
    expect(setting(store, 'done')).toBe('1');
    expect(setting(store, 'open')).toBeUndefined();
    expect(store.setAside).toBeUndefined();
  });

  test('a log left without its file does no harm', () => {
    open().close();
    inKilledProcess(`
      const { MIGRATIONS } = await import(${JSON.stringify(pathToFileURL(path.join(import.meta.dirname, 'migrations/index.ts')).href)});
      openStoreWith(file, MIGRATIONS).db.prepare("INSERT INTO local_setting VALUES ('old', '1')").run();`);
    rmSync(file);
    const store = open();
    expect(setting(store, 'old')).toBeUndefined();
    expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
  });
});

describe('migrations', () => {
  const first: Migration = {
    version: 1,
    name: 'one',
    sql: 'CREATE TABLE one (x); INSERT INTO one VALUES (1)',
  };
  const second: Migration = {
    version: 2,
    name: 'two',
    sql: 'ALTER TABLE one ADD COLUMN y; CREATE TABLE two (x)',
  };
  const tables = (db: Database.Database): unknown =>
    db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all();

  test('run in order, each once', () => {
    open([first]).close();
    const store = open([first, second]);
    expect(tables(store.db)).toEqual(['one', 'two']);
    expect(store.db.prepare('SELECT * FROM one').all()).toEqual([{ x: 1, y: null }]);
  });

  test('a failing step is undone whole, keeps the steps before it, and can be tried again', () => {
    const broken: Migration = { ...second, sql: 'CREATE TABLE two (x); INSERT INTO nowhere VALUES (1)' };
    expect(() => openStoreWith(file, [first, broken])).toThrow(
      expect.objectContaining({
        code: 'store.migration-failed',
        details: { migration: '2 two', reason: 'no such table: nowhere' },
      }),
    );
    const plain = new Database(file);
    expect(tables(plain)).toEqual(['one']);
    expect(plain.pragma('user_version', { simple: true })).toBe(1);
    plain.close();
    expect(tables(open([first, second]).db)).toEqual(['one', 'two']);
  });

  test('a kill in the middle of a step leaves the step before', () => {
    open([first]).close();
    // What migrate() does, stopped before the commit.
    inKilledProcess(`
      const { db } = openStoreWith(file, [${JSON.stringify(first)}]);
      db.exec("BEGIN IMMEDIATE; CREATE TABLE two (x); PRAGMA user_version = 2");`);
    const store = open([first]);
    expect(tables(store.db)).toEqual(['one']);
    expect(store.setAside).toBeUndefined();
  });
});
