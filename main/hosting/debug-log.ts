import type { LogLevel } from '../../contract/index.ts';

/** Ids of the call an event belongs to. */
export interface DebugScope {
  readonly tenant_id: string;
  /** The registry id. */
  readonly extension_id: string;
  readonly install_id?: string;
  readonly request_id?: string;
  readonly version_id?: string;
  /** On the platform always absent. */
  readonly content_hash?: string;
}

/** An event in the platform's shape, with the time in ISO 8601 beside it (spec 4.11, 13.1). */
export interface DebugEvent extends DebugScope {
  /** Milliseconds since the epoch as decimal text. */
  readonly ts: string;
  readonly iso: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly stream: 'log' | 'stdout' | 'stderr';
  readonly message: string;
  readonly truncated: boolean;
}

export interface DebugLogOptions {
  readonly emit: (event: DebugEvent) => void;
  /** Values to keep out of every event; asked for once, with the first one. */
  readonly secrets?: () => readonly string[];
  /** Longest message in bytes of UTF-8; the platform's 8192 when absent. */
  readonly maxBytes?: number;
}

/** Longest message of an event in bytes where nothing else is set (spec 4.10). */
export const DEBUG_MESSAGE_BYTES = 8192;
/** What stands in the place of a secret. */
const MASK = '•••';
/** Shorter values would blot out whole lines by chance. */
const SHORTEST_MASKED = 4;

/** Writes the debug events of one call (spec 4.11), without the values of the call's secrets. */
export class DebugLog {
  readonly #scope: DebugScope;
  readonly #options: DebugLogOptions;
  #secrets: readonly string[] | undefined;

  constructor(scope: DebugScope, options: DebugLogOptions) {
    this.#scope = scope;
    this.#options = options;
  }

  /**
   * A line of the guest or of the runner; standard streams keep their own name.
   *
   * @param at epoch milliseconds
   */
  write(level: LogLevel, message: string, at: number = Date.now()): void {
    this.#secrets ??= worthMasking(this.#options.secrets?.() ?? []);
    const visible = this.#secrets.reduce((text, secret) => text.replaceAll(secret, MASK), message);
    const kept = cut(visible, this.#options.maxBytes ?? DEBUG_MESSAGE_BYTES);
    const time = Math.round(at);
    this.#options.emit({
      ts: String(time),
      iso: new Date(time).toISOString(),
      ...(level === 'stdout' || level === 'stderr'
        ? { level: 'info', stream: level }
        : { level, stream: 'log' }),
      ...this.#scope,
      message: kept,
      truncated: kept.length < visible.length,
    });
  }

  /** A failed run, under the runner's word for it (spec 4.3 row 7); its own explanation may have that word already. */
  failed(detail: string): void {
    this.write('error', detail.startsWith('execute_failed') ? detail : `execute_failed: ${detail}`);
  }
}

/** Longest first: a value may be a part of another one. */
function worthMasking(values: readonly string[]): string[] {
  return values.filter(value => value.length >= SHORTEST_MASKED).sort((a, b) => b.length - a.length);
}

/** At most so many bytes of UTF-8, whole characters only: the platform's cut can split one and end the call. */
function cut(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
