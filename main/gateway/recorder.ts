import type { Execution, HostCall, HostReply, LogLevel, LogLine } from '../../contract/index.ts';
import type { Traffic } from '../traffic/index.ts';

/** What every hop of one run has in common. */
export interface RunFacts {
  readonly traceId: string;
  readonly extension: string;
  readonly contentHash: string;
}

const DETAIL_LENGTH = 200;
/** Interfaces whose calls show as log lines and need no hop of their own. */
const SHOWN_AS_LOG: ReadonlySet<string> = new Set(['logging']);

/** Writes a run's host calls and log lines as hops of its trace. */
export class RunRecorder {
  readonly #traffic: Traffic;
  readonly #facts: RunFacts;
  readonly #parent: { parentId?: number };
  readonly #startedAt: number;
  readonly #heard = new Set<string>();
  #logs = 0;

  /** @param startedAt epoch milliseconds at which the run began */
  constructor(traffic: Traffic, facts: RunFacts, parentId: number, startedAt: number) {
    this.#traffic = traffic;
    this.#facts = facts;
    this.#parent = parentOf(parentId);
    this.#startedAt = startedAt;
  }

  /** Records a call that a capability answered; `startedAt` in epoch milliseconds. */
  hostCall(call: HostCall, reply: HostReply, startedAt: number, durationMs: number): void {
    this.#heard.add(`${call.interface}.${call.function}`);
    if (SHOWN_AS_LOG.has(call.interface)) return;
    const failure = errorCase(reply);
    const hop = this.#begin(call.interface, call.function, startedAt, hostCallDetail(call), {
      request: jsonBody(call.args, call.bytes),
    });
    if (reply.note !== undefined) hop.note('Note', reply.note);
    hop.end({
      status: failure ?? 'ok',
      outcome: failure === undefined ? 'ok' : 'error',
      durationMs,
      response: jsonBody(visibleValue(call, reply), reply.bytes),
    });
  }

  /** Records a line of the guest while it runs. */
  log(line: LogLine): void {
    this.#logs += 1;
    this.#line(line.level, line.message, this.#startedAt + line.offsetMs);
  }

  /** Records what a capability had to say beside its answer, for example a refusal (spec 3.4). */
  hostLog(level: LogLevel, message: string): void {
    this.#line(level, message, epochNow());
  }

  /** Adds what only the finished run tells: calls that the native side answered, and lines not heard live. */
  finish(execution: Execution): void {
    for (const line of execution.logs.slice(this.#logs)) this.log(line);
    for (const call of execution.hostCalls) {
      if (this.#heard.has(`${call.interface}.${call.function}`) || SHOWN_AS_LOG.has(call.interface)) continue;
      this.#begin(call.interface, call.function, this.#startedAt + call.offsetMs, '', {}).end({
        status: call.outcome,
        outcome: call.outcome === 'ok' ? 'ok' : 'error',
        durationMs: call.durationMs,
      });
    }
  }

  #begin(
    name: string,
    member: string,
    startedAt: number,
    detail: string,
    extra: { request?: ReturnType<typeof jsonBody> },
  ): ReturnType<Traffic['begin']> {
    return this.#traffic.begin({
      ...this.#facts,
      ...extra,
      ...this.#parent,
      kind: 'host-call',
      from: 'handler',
      to: 'host',
      what: `${name}.${member}`,
      detail,
      startedAt,
    });
  }

  #line(level: LogLevel, message: string, startedAt: number): void {
    this.#traffic
      .begin({
        ...this.#facts,
        ...this.#parent,
        kind: 'log',
        from: 'handler',
        to: 'log',
        what: 'log',
        detail: shorten(message),
        level,
        startedAt,
        request: { headers: [], body: Buffer.from(message), contentType: 'text/plain' },
      })
      .end({ status: level, outcome: 'ok', durationMs: 0 });
  }
}

/** The hop above, as far as it is recorded. */
export function parentOf(hopId: number): { parentId?: number } {
  return hopId === 0 ? {} : { parentId: hopId };
}

/** Epoch milliseconds with a fraction. */
export function epochNow(): number {
  return performance.timeOrigin + performance.now();
}

/** The `err` case of a WIT result, or the failure of a result record (spec 3.3). */
function errorCase({ value }: HostReply): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('err' in value) return String(value.err);
  return 'success' in value && value.success === false ? 'failed' : undefined;
}

/** The argument that tells one call from the next. */
function hostCallDetail(call: HostCall): string {
  const { args } = call;
  const named = [args['method'], args['url'], args['namespace'], args['key'], args['route']];
  return shorten(named.filter(value => typeof value === 'string').join(' '));
}

function shorten(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > DETAIL_LENGTH ? `${line.slice(0, DETAIL_LENGTH)}…` : line;
}

/** A secret's value is left out here already, before any masking. */
function visibleValue(call: HostCall, reply: HostReply): unknown {
  return call.interface === 'secrets' && errorCase(reply) === undefined ? { ok: '•••' } : reply.value;
}

/** Arguments or an answer as one JSON document; bytes stand in it as text when they are UTF-8, else as base64. */
function jsonBody(
  value: unknown,
  bytes: Uint8Array | undefined,
): { headers: []; body: Uint8Array; contentType: string } {
  const shown = bytes === undefined ? value : { value, bytes: bytesForPeople(bytes) };
  return { headers: [], body: Buffer.from(JSON.stringify(shown ?? null)), contentType: 'application/json' };
}

function bytesForPeople(bytes: Uint8Array): string | { base64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString('utf8');
  return text.includes('\uFFFD') ? { base64: buffer.toString('base64') } : text;
}
