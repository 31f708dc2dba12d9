import { useSyncExternalStore } from 'react';
import { exactTime, relativeTime } from '../lib/time.ts';

const TICK_MS = 1000;
const listeners = new Set<() => void>();
let timer: number | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** How long ago, kept current; the exact time on hover. One clock serves the whole window. */
export function RelativeTime({ at }: { at: number }) {
  const text = useSyncExternalStore(subscribe, () => relativeTime(at, now));
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {text}
    </time>
  );
}
