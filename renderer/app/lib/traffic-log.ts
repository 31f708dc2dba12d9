import type { ExchangeSummary } from '../../../contract/index.ts';

/** One line of the list: a hop and where it stands in its trace. */
export interface TrafficRow {
  readonly hop: ExchangeSummary;
  /** First line of its trace; it shows the whole time of day. */
  readonly first: boolean;
  /** Of the whole trace, epoch milliseconds. */
  readonly traceStart: number;
  readonly traceEnd: number;
  /** Alternates from trace to trace, so that a click's hops read as one block. */
  readonly odd: boolean;
}

interface Trace {
  readonly hops: Map<number, ExchangeSummary>;
  start: number;
  order: number;
  rows: readonly TrafficRow[] | undefined;
}

/**
 * The hops of a session, kept as traces in the order they began, each trace's hops in the order they happened
 * (a hop may be reported after its children, so by time and depth, not by id). Bounded: past `capacity` hops the
 * oldest traces go.
 */
export class TrafficLog {
  readonly #traces = new Map<string, Trace>();
  readonly #traceOf = new Map<number, string>();
  readonly #capacity: number;
  #ordered: Trace[] = [];
  #sorted = true;
  #begun = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#traceOf.size;
  }

  clear(): void {
    this.#traces.clear();
    this.#traceOf.clear();
    this.#ordered = [];
    this.#sorted = true;
  }

  /** Adds hops and replaces those already there. */
  apply(upserts: readonly ExchangeSummary[]): void {
    for (const hop of upserts) this.#put(hop);
    if (!this.#sorted) {
      this.#ordered.sort((a, b) => a.start - b.start || a.order - b.order);
      this.#sorted = true;
    }
    this.#evict();
  }

  get(id: number): ExchangeSummary | undefined {
    const traceId = this.#traceOf.get(id);
    return traceId === undefined ? undefined : this.#traces.get(traceId)?.hops.get(id);
  }

  /** Rows of one trace, in order; empty when it is not kept. */
  trace(traceId: string): readonly TrafficRow[] {
    const trace = this.#traces.get(traceId);
    return trace ? rowsOf(trace) : [];
  }

  /** Rows that pass, traces one after another. Rows that did not change are the same objects as before. */
  rows(passes: (hop: ExchangeSummary) => boolean = () => true): TrafficRow[] {
    const found: TrafficRow[] = [];
    for (const trace of this.#ordered) {
      for (const row of rowsOf(trace)) if (passes(row.hop)) found.push(row);
    }
    return found;
  }

  #put(hop: ExchangeSummary): void {
    let trace = this.#traces.get(hop.traceId);
    if (!trace) {
      trace = { hops: new Map(), start: hop.startedAt, order: this.#begun, rows: undefined };
      this.#begun += 1;
      this.#traces.set(hop.traceId, trace);
      const last = this.#ordered.at(-1);
      if (last && last.start > trace.start) this.#sorted = false;
      this.#ordered.push(trace);
    }
    if (hop.startedAt < trace.start) {
      trace.start = hop.startedAt;
      this.#sorted = false;
    }
    trace.hops.set(hop.id, hop);
    trace.rows = undefined;
    this.#traceOf.set(hop.id, hop.traceId);
  }

  #evict(): void {
    let gone = 0;
    while (this.#traceOf.size > this.#capacity && gone < this.#ordered.length - 1) {
      const oldest = this.#ordered[gone];
      gone += 1;
      for (const hop of oldest?.hops.values() ?? []) {
        this.#traceOf.delete(hop.id);
        this.#traces.delete(hop.traceId);
      }
    }
    if (gone > 0) this.#ordered.splice(0, gone);
  }
}

function rowsOf(trace: Trace): readonly TrafficRow[] {
  trace.rows ??= buildRows(trace);
  return trace.rows;
}

function buildRows(trace: Trace): readonly TrafficRow[] {
  const hops = [...trace.hops.values()].sort(
    (a, b) => a.startedAt - b.startedAt || a.depth - b.depth || a.id - b.id,
  );
  const traceEnd = hops.reduce(
    (end, hop) => Math.max(end, hop.startedAt + (hop.durationMs ?? 0)),
    trace.start,
  );
  return hops.map((hop, index) => ({
    hop,
    first: index === 0,
    traceStart: trace.start,
    traceEnd,
    odd: trace.order % 2 === 1,
  }));
}
