import { durably, type Store } from '../store/index.ts';

/** Named texts of this data folder. */
export interface Settings {
  get(key: string): string | undefined;
  /** Undefined removes it. */
  set(key: string, value: string | undefined): void;
}

/** Settings in the table `local_setting`. */
export function openSettings(store: Store): Settings {
  const { db } = store;
  const get = db.prepare<[string], string>('SELECT value FROM local_setting WHERE key = ?').pluck();
  const put = db.prepare<[string, string]>(
    'INSERT INTO local_setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare<[string]>('DELETE FROM local_setting WHERE key = ?');
  return {
    get: key => get.get(key),
    set(key, value) {
      durably(store, () => (value === undefined ? remove.run(key) : put.run(key, value)));
    },
  };
}
