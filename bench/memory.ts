import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOKS = 5;
const PAUSE_MS = 50;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as NodeJS.GCFunction;
/** As V8 collects when memory gets short. An ordinary collection keeps up to 60 MB in reserve for young objects. */
const collect = (): void => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });

/**
 * Bytes of this process in memory that nothing will give back: the least of some looks, each after JavaScript's
 * garbage was collected. Between them the runner, which tells an outcome first, takes the instance down.
 */
export async function residentBytes(): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < LOOKS; look++) {
    collect();
    await pause(PAUSE_MS);
    least = Math.min(least, process.memoryUsage.rss());
  }
  return least;
}

/** Percent by which the memory of this process grows over some work. */
export async function growthOver(work: () => Promise<unknown>): Promise<number> {
  const before = await residentBytes();
  await work();
  return ((await residentBytes()) / before - 1) * 100;
}
