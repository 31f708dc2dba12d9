import { describe, expect, it } from 'vitest';
import { PLATFORM_BUCKET, TokenBuckets } from './token-bucket.ts';

describe('TokenBuckets (spec 6.3 row 7)', () => {
  it('lets 60 through at once and one more per second, for each key', () => {
    let now = 1000;
    const buckets = new TokenBuckets(PLATFORM_BUCKET, () => now);
    for (let call = 0; call < 60; call += 1) expect(buckets.take('a')).toBeUndefined();
    expect(buckets.take('a')).toBe(1);
    expect(buckets.take('b')).toBeUndefined();
    now += 999;
    expect(buckets.take('a')).toBe(1);
    now += 1;
    expect(buckets.take('a')).toBeUndefined();
    expect(buckets.take('a')).toBe(1);
  });

  it('fills up to its size and no further, and never empties by a clock that goes back', () => {
    let now = 0;
    const buckets = new TokenBuckets({ capacity: 2, perSecond: 1 }, () => now);
    buckets.take('a');
    now = 3_600_000;
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([undefined, undefined, 1]);
    now = 0;
    expect(buckets.take('a')).toBe(1);
  });

  it('tells how long a slow bucket takes', () => {
    const buckets = new TokenBuckets({ capacity: 1, perSecond: 0.1 }, () => 0);
    buckets.take('a');
    expect(buckets.take('a')).toBe(10);
  });
});
