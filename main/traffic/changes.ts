import type { ExchangeSummary } from '../../contract/index.ts';
import type { TrafficChange } from './types.ts';

/** About one animation frame. */
const GATHER_MS = 16;

/** What the recorder is asked for when an event goes out. */
export interface ChangeSource {
  summary(id: number): ExchangeSummary | undefined;
  state(): { total: number; paused: boolean };
}

/** Gathers changes and tells listeners about them in one event for each frame. */
export class Changes {
  readonly #source: ChangeSource;
  readonly #listeners = new Set<(change: TrafficChange) => void>();
  readonly #changed = new Set<number>();
  #removed: number[] = [];
  #cleared = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: ChangeSource) {
    this.#source = source;
  }

  subscribe(listener: (change: TrafficChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  changed(id: number): void {
    this.#gather(() => this.#changed.add(id));
  }

  removed(ids: readonly number[]): void {
    this.#gather(() => this.#removed.push(...ids));
  }

  cleared(): void {
    this.#gather(() => {
      this.#changed.clear();
      this.#removed = [];
      this.#cleared = true;
    });
  }

  /** Something other than hops changed. */
  touched(): void {
    this.#gather(() => undefined);
  }

  close(): void {
    this.#flush();
    this.#listeners.clear();
  }

  #gather(note: () => unknown): void {
    if (this.#listeners.size === 0) return;
    note();
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  #flush(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const change = this.#take();
    for (const listener of [...this.#listeners]) listener(change);
  }

  #take(): TrafficChange {
    const upserts = [...this.#changed]
      .sort((a, b) => a - b)
      .map(id => this.#source.summary(id))
      .filter(summary => summary !== undefined);
    const removed = this.#removed;
    const cleared = this.#cleared;
    this.#changed.clear();
    this.#removed = [];
    this.#cleared = false;
    return { upserts, ...(removed.length > 0 && { removed }), cleared, ...this.#source.state() };
  }
}
