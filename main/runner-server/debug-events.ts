import type { LogLevel } from '../../contract/index.ts';

/** Ids of the call an event belongs to. */
export interface DebugScope {
  readonly tenant_id: string;
  readonly extension_id: string;
  readonly install_id?: string;
  readonly request_id?: string;
  readonly version_id?: string;
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

/** What stands in the place of a secret. */
const MASK = '•••';
/** Shorter values would blot out whole lines by chance. */
const SHORTEST_MASKED = 4;

/** Writes the debug events of one call (spec 4.11), without the values of the call's secrets. */
export class DebugLog {
  readonly #scope: DebugScope;
  readonly #maxBytes: number;
  readonly #emit: (event: DebugEvent) => void;
  #secrets: readonly string[] = [];

  /** @param maxBytes longest message in bytes of UTF-8 */
  constructor(scope: DebugScope, maxBytes: number, emit: (event: DebugEvent) => void) {
    this.#scope = scope;
    this.#maxBytes = maxBytes;
    this.#emit = emit;
  }

  /** Keeps these values out of every event that follows. */
  hide(values: readonly string[]): void {
    const worth = values.filter(value => value.length >= SHORTEST_MASKED);
    // Longest first: a value may be a part of another one.
    this.#secrets = worth.sort((a, b) => b.length - a.length);
  }

  /**
   * A line of the guest or of the runner; standard streams keep their own name.
   *
   * @param at epoch milliseconds
   */
  write(level: LogLevel, message: string, at: number = Date.now()): void {
    const visible = this.#secrets.reduce((text, secret) => text.replaceAll(secret, MASK), message);
    const kept = cut(visible, this.#maxBytes);
    const time = Math.round(at);
    this.#emit({
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
}

/** At most so many bytes of UTF-8, whole characters only: the platform's cut can split one and end the call. */
function cut(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}
