/** Counts calls by key within the last `windowMs`. */
export interface RateLimit {
  /** True, and counted, when `key` has calls left. */
  take(key: string): boolean;
}

/** A limit of `calls` per `windowMs` and key, kept in memory as on the platform; `now` gives epoch milliseconds. */
export function createRateLimit(o: { calls: number; windowMs: number; now: () => number }): RateLimit {
  const { calls, windowMs, now } = o;
  const takenAt = new Map<string, number[]>();
  return {
    take(key) {
      const at = now();
      const recent = (takenAt.get(key) ?? []).filter(time => time > at - windowMs);
      if (recent.length >= calls) return false;
      takenAt.set(key, [...recent, at]);
      return true;
    },
  };
}
