export interface BucketSize {
  /** Calls that may come at once. */
  readonly capacity: number;
  readonly perSecond: number;
}

/** The platform's limit per tenant and extension (spec 6.3 row 7). */
export const PLATFORM_BUCKET: BucketSize = { capacity: 60, perSecond: 1 };

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets by key, filled by a clock in milliseconds that the caller supplies. */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(size: BucketSize, now: () => number) {
    this.#size = size;
    this.#now = now;
  }

  /** Takes a token. Returns undefined when there was one, else the whole seconds until there will be. */
  take(key: string): number | undefined {
    const bucket = this.#refilled(key);
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#size.perSecond));
    bucket.tokens -= 1;
    return undefined;
  }

  #refilled(key: string): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#size.capacity, at: now };
    const gained = (Math.max(0, now - bucket.at) / 1000) * this.#size.perSecond;
    return { tokens: Math.min(this.#size.capacity, bucket.tokens + gained), at: now };
  }
}
