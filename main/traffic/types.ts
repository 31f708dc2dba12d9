import type {
  Exchange,
  ExchangeSummary,
  GuestException,
  Header,
  HopKind,
  LogLevel,
} from '../../contract/index.ts';

/** Headers and body of one direction, as they happened; the recorder masks and cuts them. */
export interface MessageInput {
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
  readonly contentType?: string;
}

/** What is known when a hop begins. */
export interface HopStart {
  /** Joins the hops of one click. */
  readonly traceId: string;
  /** Of the call that the hop belongs to. */
  readonly requestId?: string;
  readonly parentId?: number;
  readonly kind: HopKind;
  readonly from: string;
  readonly to: string;
  readonly what: string;
  readonly detail: string;
  readonly extension?: string;
  readonly contentHash?: string;
  readonly level?: LogLevel;
  /** Epoch milliseconds with a fraction; now when left out. */
  readonly startedAt?: number;
  readonly request?: MessageInput;
}

/** Why a hop failed. */
export interface HopError {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly exception?: GuestException;
}

/** What is known when a hop is over. */
export interface HopEnd {
  readonly status: string;
  readonly outcome: 'ok' | 'error';
  /** Measured from the start when left out. */
  readonly durationMs?: number;
  readonly response?: MessageInput;
  readonly error?: HopError;
}

/** One hop while it is recorded. */
export interface Hop {
  /** Zero when nothing is recorded. */
  readonly id: number;
  /** Adds a fact worth showing beside the hop. */
  note(label: string, value: string): void;
  /** Ends the hop; only the first call counts. */
  end(o: HopEnd): void;
}

/** What changed since the last event. */
export interface TrafficChange {
  /** New or changed hops, oldest first. */
  readonly upserts: ExchangeSummary[];
  /** Ids let go to stay within the bounds; absent when there are none. */
  readonly removed?: number[];
  /** True when everything before the upserts is gone. */
  readonly cleared: boolean;
  readonly total: number;
  readonly paused: boolean;
}

/** Records the hops of every click, in memory and within bounds; what it keeps is masked before it is kept. */
export interface Traffic {
  /** Begins a hop; when paused, one that records nothing. */
  begin(h: HopStart): Hop;
  /** Hops that pass the filter (see `parseTrafficFilter`), sorted by start and then by id; `total` counts all that are kept. */
  list(filter: string): { entries: ExchangeSummary[]; total: number; paused: boolean };
  /** One hop with bodies; undefined when it is not kept (any more). */
  get(id: number): Exchange | undefined;
  clear(): void;
  /** Hops begun before a pause still end. */
  setPaused(paused: boolean): void;
  /** Supplies the secret values to mask from now on; asked at each begin, note and end, so it should be cheap. */
  maskSecrets(values: () => readonly string[]): void;
  /** Hears changes, gathered for about 16 ms; returns the way to stop. Listeners must not throw. */
  onChange(listener: (change: TrafficChange) => void): () => void;
  /** Tells listeners what is pending and forgets them. Nothing is recorded afterwards. */
  close(): void;
}
