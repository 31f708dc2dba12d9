import { parseTrafficFilter } from '../../contract/index.ts';
import type { Exchange, ExchangeSummary, HopKind } from '../../contract/index.ts';
import { keepMessage, MAX_TEXT, toRecordedMessage, type KeptMessage } from './bodies.ts';
import { Changes } from './changes.ts';
import { maskerFor, type Masker } from './mask.ts';
import { TraceLog, type HopRecord } from './trace-log.ts';
import type { Hop, HopEnd, HopStart, MessageInput, Traffic } from './types.ts';

const CAPACITY = 10_000;
const MAX_BODY_BYTES = 1024 * 1024;
const BODY_BUDGET_BYTES = 64 * 1024 * 1024;

/** How far a hop is indented: by what it is, because a message has no hop above it and a log line none below. */
const DEPTHS: Readonly<Record<HopKind, number>> = {
  message: 0,
  gateway: 1,
  handler: 2,
  'host-call': 3,
  log: 3,
};

const UNRECORDED: Hop = { id: 0, note: () => undefined, end: () => undefined };

export interface TrafficOptions {
  /** Most hops kept; 10,000 when left out. */
  readonly capacity?: number;
  /** Most bytes kept of one body; 1 MiB when left out. */
  readonly maxBodyBytes?: number;
  /** Most bytes kept of all headers and bodies; 64 MiB when left out. */
  readonly bodyBudgetBytes?: number;
}

/**
 * Makes an empty recorder. The oldest traces go whole when a bound is reached. Secret values ({@link Traffic.maskSecrets})
 * and the values of `authorization`, `cookie`, `set-cookie`, `x-api-key`, `*token*` and `*secret*` become `•••` before
 * anything is kept, in headers, bodies, details, notes and errors.
 */
export function createTraffic(options: TrafficOptions = {}): Traffic {
  return new Recorder(options);
}

class Recorder implements Traffic {
  readonly #maxBodyBytes: number;
  readonly #log: TraceLog;
  readonly #changes: Changes;
  #masker: () => Masker = maskerFor(() => []);
  #lastId = 0;
  #paused = false;
  #closed = false;

  constructor({ capacity, maxBodyBytes, bodyBudgetBytes }: TrafficOptions) {
    this.#maxBodyBytes = maxBodyBytes ?? MAX_BODY_BYTES;
    this.#changes = new Changes({
      summary: id => this.#log.get(id)?.summary,
      state: () => ({ total: this.#log.size, paused: this.#paused }),
    });
    this.#log = new TraceLog(
      { hops: capacity ?? CAPACITY, cost: bodyBudgetBytes ?? BODY_BUDGET_BYTES },
      ids => this.#changes.removed(ids),
    );
  }

  begin(start: HopStart): Hop {
    if (this.#paused || this.#closed) return UNRECORDED;
    const masker = this.#masker();
    const record: HopRecord = { summary: this.#summaryOf(start, masker), notes: [] };
    if (!this.#log.add(record)) return UNRECORDED;
    const { id } = record.summary;
    if (start.request) record.request = this.#keep(start.request, record, masker);
    this.#changes.changed(id);
    return {
      id,
      note: (label, value) => this.#note(id, label, value),
      end: end => this.#end(id, end),
    };
  }

  list(filter: string): { entries: ExchangeSummary[]; total: number; paused: boolean } {
    const passes = parseTrafficFilter(filter);
    const entries = [...this.#log.all()]
      .map(({ summary }) => summary)
      .filter(passes)
      .sort((a, b) => a.startedAt - b.startedAt || a.id - b.id);
    return { entries, total: this.#log.size, paused: this.#paused };
  }

  get(id: number): Exchange | undefined {
    const record = this.#log.get(id);
    if (!record) return undefined;
    const { summary, request, response, error, notes } = record;
    return {
      ...summary,
      ...(request && { request: toRecordedMessage(request, this.#maxBodyBytes) }),
      ...(response && { response: toRecordedMessage(response, this.#maxBodyBytes) }),
      ...(error && { error }),
      notes: notes.map(note => ({ ...note })),
    };
  }

  clear(): void {
    this.#log.clear();
    this.#changes.cleared();
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#changes.touched();
  }

  maskSecrets(values: () => readonly string[]): void {
    this.#masker = maskerFor(values);
  }

  onChange(listener: Parameters<Traffic['onChange']>[0]): () => void {
    return this.#changes.subscribe(listener);
  }

  close(): void {
    this.#closed = true;
    this.#changes.close();
  }

  #summaryOf(start: HopStart, masker: Masker): ExchangeSummary {
    this.#lastId += 1;
    const { traceId, requestId, parentId, kind, extension, contentHash, level } = start;
    const text = (value: string): string => masker.text(value, MAX_TEXT);
    return {
      id: this.#lastId,
      traceId,
      ...(requestId !== undefined && { requestId: text(requestId) }),
      // A parent that was not recorded would lead nowhere.
      ...(parentId !== undefined && this.#log.get(parentId) && { parentId }),
      depth: DEPTHS[kind],
      kind,
      from: text(start.from),
      to: text(start.to),
      what: text(start.what),
      detail: text(start.detail),
      status: '',
      outcome: 'pending',
      startedAt: start.startedAt ?? epochNow(),
      ...(extension !== undefined && { extension }),
      ...(contentHash !== undefined && { contentHash }),
      ...(level !== undefined && { level }),
    };
  }

  #note(id: number, label: string, value: string): void {
    const record = this.#log.get(id);
    if (!record) return;
    const masker = this.#masker();
    record.notes.push({ label: masker.text(label, MAX_TEXT), value: masker.text(value, MAX_TEXT) });
    this.#changes.changed(id);
  }

  #end(id: number, { status, outcome, durationMs, response, error }: HopEnd): void {
    const record = this.#log.get(id);
    if (record?.summary.outcome !== 'pending') return;
    const masker = this.#masker();
    const text = (value: string): string => masker.text(value, MAX_TEXT);
    record.summary = {
      ...record.summary,
      status: text(status),
      outcome,
      durationMs: durationMs ?? Math.max(0, epochNow() - record.summary.startedAt),
    };
    if (response) record.response = this.#keep(response, record, masker);
    if (error) {
      const { code, message, detail, exception } = error;
      record.error = {
        code,
        message: text(message),
        ...(detail !== undefined && { detail: text(detail) }),
        ...(exception && { exception: { ...exception, message: text(exception.message) } }),
      };
    }
    this.#changes.changed(id);
  }

  /** Keeps a message if its trace has room for it; else its size without its content. */
  #keep(input: MessageInput, { summary }: HopRecord, masker: Masker): KeptMessage {
    const maxBodyBytes = this.#maxBodyBytes;
    const kept = keepMessage(input, masker, { maxBodyBytes, keepBody: true });
    if (this.#log.reserve(summary.traceId, kept.cost)) return kept;
    return keepMessage({ ...input, headers: [] }, masker, { maxBodyBytes, keepBody: false });
  }
}

function epochNow(): number {
  return performance.timeOrigin + performance.now();
}
