import type { DebugEvent } from './debug-log.ts';

/** Events kept for each extension (`RUNNER_DEBUG_REDIS_MAXLEN`), and extensions kept at all. */
const KEPT_EVENTS = 2000;
const KEPT_STREAMS = 200;

/** An event with its place in the stream: milliseconds and a number, as a Redis stream writes it (spec 4.11). */
export interface FeedEntry {
  readonly id: string;
  readonly event: DebugEvent;
}

interface Stream {
  readonly entries: FeedEntry[];
  readonly listeners: Set<(entry: FeedEntry) => void>;
}

/** Which events are meant. */
export interface FeedScope {
  readonly tenantId: string;
  readonly extensionId: string;
}

/**
 * The debug events of the last runs, one bounded stream for each tenant and extension, in the place of the platform's
 * Redis (spec 4.11). Ids in upper case mean the same stream.
 */
export class DebugFeed {
  readonly #streams = new Map<string, Stream>();
  readonly #tap: ((event: DebugEvent) => void) | undefined;
  #lastMs = 0;
  #sequence = 0;

  /** @param tap hears every event of every stream; must not throw */
  constructor(tap?: (event: DebugEvent) => void) {
    this.#tap = tap;
  }

  /** Adds an event and tells whoever listens to its stream. */
  publish(event: DebugEvent): void {
    const entry = { id: this.#nextId(), event };
    const stream = this.#stream({ tenantId: event.tenant_id, extensionId: event.extension_id });
    stream.entries.push(entry);
    if (stream.entries.length > KEPT_EVENTS) stream.entries.shift();
    this.#tap?.(event);
    for (const listener of stream.listeners) listener(entry);
  }

  /** Entries of a stream behind an id, from the oldest kept when there is none; at most `limit`. */
  after(scope: FeedScope, id: string | undefined, limit: number): FeedEntry[] {
    const { entries } = this.#stream(scope);
    const start = id === undefined ? 0 : entries.findIndex(entry => isBehind(entry.id, id));
    return start === -1 ? [] : entries.slice(start, start + limit);
  }

  /** The newest entries of a stream, oldest first. */
  tail(scope: FeedScope, count: number): FeedEntry[] {
    return count === 0 ? [] : this.#stream(scope).entries.slice(-count);
  }

  /** Hears every event that comes; returns the way to stop. Listeners must not throw. */
  listen(scope: FeedScope, listener: (entry: FeedEntry) => void): () => void {
    const { listeners } = this.#stream(scope);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #stream({ tenantId, extensionId }: FeedScope): Stream {
    const key = `${tenantId}:${extensionId}`.toLowerCase();
    const stream = this.#streams.get(key) ?? { entries: [], listeners: new Set() };
    // Anew at the end: the streams that nobody touched for longest come first.
    this.#streams.delete(key);
    this.#streams.set(key, stream);
    for (const [oldest, { listeners }] of this.#streams) {
      if (this.#streams.size <= KEPT_STREAMS) break;
      if (listeners.size === 0) this.#streams.delete(oldest);
    }
    return stream;
  }

  #nextId(): string {
    const ms = Math.max(this.#lastMs, Date.now());
    this.#sequence = ms === this.#lastMs ? this.#sequence + 1 : 0;
    this.#lastMs = ms;
    return `${ms}-${this.#sequence}`;
  }
}

function isBehind(id: string, other: string): boolean {
  const [ms = 0, sequence = 0] = id.split('-').map(Number);
  const [otherMs = 0, otherSequence = 0] = other.split('-').map(Number);
  return ms > otherMs || (ms === otherMs && sequence > otherSequence);
}
