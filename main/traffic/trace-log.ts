import type { Exchange, ExchangeSummary } from '../../contract/index.ts';
import type { KeptMessage } from './bodies.ts';

/** One hop as it is kept. `summary` is replaced, never changed, so it can be handed out. */
export interface HopRecord {
  summary: ExchangeSummary;
  request?: KeptMessage;
  response?: KeptMessage;
  error?: NonNullable<Exchange['error']>;
  readonly notes: { label: string; value: string }[];
}

interface Trace {
  readonly hops: HopRecord[];
  cost: number;
  refused: number;
}

/** Bounds of a {@link TraceLog}: hops, and bytes of headers and bodies. */
export interface Bounds {
  readonly hops: number;
  readonly cost: number;
}

/**
 * Hops by id and by trace, within bounds. Room is made by letting whole traces go, the oldest first, but never the one
 * that asks for it.
 */
export class TraceLog {
  readonly #bounds: Bounds;
  readonly #onRemoved: (ids: number[]) => void;
  /** In the order of their first hop. */
  readonly #traces = new Map<string, Trace>();
  readonly #hops = new Map<number, HopRecord>();
  #cost = 0;

  constructor(bounds: Bounds, onRemoved: (ids: number[]) => void) {
    this.#bounds = bounds;
    this.#onRemoved = onRemoved;
  }

  get size(): number {
    return this.#hops.size;
  }

  get(id: number): HopRecord | undefined {
    return this.#hops.get(id);
  }

  all(): IterableIterator<HopRecord> {
    return this.#hops.values();
  }

  /** Adds a hop; false when its trace alone fills the log, which the trace's first hop then says. */
  add(record: HopRecord): boolean {
    const { traceId, id } = record.summary;
    if (!this.#makeRoom(traceId, { hops: 1, cost: 0 })) {
      this.#refuse(traceId);
      return false;
    }
    const trace = this.#traces.get(traceId) ?? { hops: [], cost: 0, refused: 0 };
    this.#traces.set(traceId, trace);
    trace.hops.push(record);
    this.#hops.set(id, record);
    return true;
  }

  /** Counts `cost` bytes against a kept hop's trace, if they fit. */
  reserve(traceId: string, cost: number): boolean {
    const trace = this.#traces.get(traceId);
    if (!trace || !this.#makeRoom(traceId, { hops: 0, cost })) return false;
    trace.cost += cost;
    this.#cost += cost;
    return true;
  }

  clear(): void {
    this.#traces.clear();
    this.#hops.clear();
    this.#cost = 0;
  }

  #makeRoom(forTrace: string, more: Bounds): boolean {
    const fits = (): boolean =>
      this.#hops.size + more.hops <= this.#bounds.hops && this.#cost + more.cost <= this.#bounds.cost;
    for (const traceId of this.#traces.keys()) {
      if (fits()) return true;
      if (traceId !== forTrace) this.#evict(traceId);
    }
    return fits();
  }

  #evict(traceId: string): void {
    const trace = this.#traces.get(traceId);
    if (!trace) return;
    this.#traces.delete(traceId);
    this.#cost -= trace.cost;
    const ids = trace.hops.map(({ summary }) => summary.id);
    for (const id of ids) this.#hops.delete(id);
    this.#onRemoved(ids);
  }

  #refuse(traceId: string): void {
    const trace = this.#traces.get(traceId);
    const first = trace?.hops[0];
    if (!trace || !first) return;
    trace.refused += 1;
    const label = 'Hops not recorded';
    const note = first.notes.find(known => known.label === label);
    if (note) note.value = String(trace.refused);
    else first.notes.push({ label, value: String(trace.refused) });
  }
}
