import { WorkbenchError } from '../../contract/index.ts';
import { throwIfCancelled } from './build-run.ts';

const tails = new Map<string, Promise<void>>();

/**
 * Runs `work` when everything asked for earlier under the same key is over, however it ended.
 * Throws `build.cancelled` when the signal is aborted while it waits.
 */
export async function exclusively<T>(
  key: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const before = tails.get(key) ?? Promise.resolve();
  const { promise: done, resolve: finish } = Promise.withResolvers<undefined>();
  // A cancelled waiter must not let the next one overtake the build that still runs.
  const tail = Promise.all([before, done]).then(() => undefined);
  tails.set(key, tail);
  try {
    await untilAborted(before, signal);
    throwIfCancelled(signal);
    return await work();
  } finally {
    finish(undefined);
    void tail.then(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
  }
}

/** What `waited` gives, or `build.cancelled` as soon as the signal is aborted; `waited` itself goes on. */
export async function untilAborted<T>(waited: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await waited;
  throwIfCancelled(signal);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new WorkbenchError('build.cancelled', { cause: signal.reason }));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([waited, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
