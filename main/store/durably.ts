import type { Store } from './open-store.ts';

/**
 * Runs `write` as one transaction whose commit survives even a power cut; use it for everything a person is told is
 * saved. Transactions made without it survive the end of the process, but may lose their last moments with the power:
 * right for guests' storage, where a disk flush for each call would stall the event loop.
 *
 * Returns what `write` returns; when it throws, nothing is written.
 */
export function durably<T>(store: Store, write: () => T): T {
  const { db } = store;
  db.pragma('synchronous = FULL');
  try {
    return db.transaction(write).immediate();
  } finally {
    db.pragma('synchronous = NORMAL');
  }
}
