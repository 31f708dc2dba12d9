const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** `12:01:03.221`, local time, from epoch milliseconds. */
export function clockTime(epochMs: number): string {
  return clock.format(epochMs);
}

/** `.221`: what changes within a trace. */
export function clockFraction(epochMs: number): string {
  return `.${String(Math.floor(epochMs) % 1000).padStart(3, '0')}`;
}

/** Date and time as the user's system writes them, for tooltips. */
export function exactTime(epochMs: number): string {
  return whole.format(epochMs);
}

/** How long ago, in one unit: `now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function relativeTime(epochMs: number, now: number): string {
  const seconds = Math.floor((now - epochMs) / 1000);
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

/** A duration in milliseconds with as many digits as are worth reading: `0.08 ms`, `1.9 ms`, `412 ms`, `5.24 s`. */
export function duration(ms: number): string {
  if (ms < 0.995) return `${ms.toFixed(2)} ms`;
  if (ms < 99.5) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  return ms < 59_950
    ? `${(ms / 1000).toFixed(2)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
