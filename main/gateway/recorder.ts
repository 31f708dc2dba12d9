import type {
  Execution,
  HostCall,
  HostCallRecord,
  HostFunctions,
  HostReply,
  LogLevel,
  LogLine,
} from '../../contract/index.ts';
import type { DebugLog } from '../hosting/index.ts';
import type { MessageInput, Traffic } from '../traffic/index.ts';
import { errorCase, firstLine, hostCallDetail, replyMessage, requestMessage } from './host-call-record.ts';

/** What every hop of one run has in common. */
export interface RunFacts {
  readonly traceId: string;
  readonly requestId: string;
  readonly extension: string;
  readonly contentHash: string;
}

/** A host call while the run goes on: its time is known only when the run is over. */
interface AskedCall {
  readonly name: string;
  readonly detail: string;
  /** By the gateway's clock, in milliseconds since the run began. */
  readonly askedAtMs: number;
  readonly lines: { readonly level: LogLevel; readonly message: string; readonly afterMs: number }[];
  request?: MessageInput;
  answer?: { readonly durationMs: number; readonly failure?: string; readonly note?: string };
  response?: MessageInput;
  /** A body was too much to be kept until the end of the run. */
  cut?: true;
}

/** Interfaces whose calls show as log lines and need no hop of their own. */
const SHOWN_AS_LOG: ReadonlySet<string> = new Set(['logging']);
/** Most bytes of arguments and answers that one run holds until its end. */
const HELD_BYTES = 32 * 1024 * 1024;

/**
 * Writes a run's host calls and log lines as hops of its trace. All of them stand on one time base: the start of the
 * run plus the native runner's offsets. What this thread measures would be later by the time a call waits for it,
 * and so would stand behind log lines that came after the call.
 */
export class RunRecorder {
  readonly #traffic: Traffic;
  readonly #facts: RunFacts;
  readonly #parent: { parentId?: number };
  readonly #startedAt: number;
  readonly #debug: DebugLog;
  #asked: AskedCall[] = [];
  #heldBytes = 0;
  #logs = 0;
  #over = false;

  /**
   * @param startedAt epoch milliseconds at which the run began
   * @param debug gets every line, too
   */
  constructor(traffic: Traffic, facts: RunFacts, parentId: number, startedAt: number, debug: DebugLog) {
    this.#traffic = traffic;
    this.#debug = debug;
    this.#facts = facts;
    this.#parent = parentOf(parentId);
    this.#startedAt = startedAt;
  }

  /** The same host functions, heard: calls are kept in the order in which the guest asks, and recorded by `finish`. */
  listening(functions: HostFunctions): HostFunctions {
    return async call => {
      const asked = this.#ask(call);
      const reply = await functions(call);
      this.#answer(asked, call, reply);
      return reply;
    };
  }

  /** Records a line of the guest while it runs; what comes after `finish` is among the execution's lines already. */
  log(line: LogLine): void {
    if (this.#over) return;
    this.#logs += 1;
    this.#line(line.level, line.message, line.offsetMs);
  }

  /** Keeps what a capability has to say beside its answer to the newest call, for example a refusal (spec 3.4). */
  hostLog(level: LogLevel, message: string): void {
    const asked = this.#asked.at(-1);
    asked?.lines.push({ level, message, afterMs: this.#elapsedMs() - asked.askedAtMs });
  }

  /**
   * Records what only the finished run tells: when calls happened, and lines not heard live. Calls that the run does
   * not know of, as when it broke off without an outcome, get the times of the gateway's clock.
   */
  finish({ logs, hostCalls }: Pick<Execution, 'logs' | 'hostCalls'>): void {
    for (const line of logs.slice(this.#logs)) this.log(line);
    this.#over = true;
    for (const call of hostCalls) this.#hostCall(call, this.#takeAsked(call));
    for (const asked of this.#asked) this.#hostCall(this.#byOwnClock(asked), asked);
    this.#asked = [];
  }

  #ask(call: HostCall): AskedCall {
    const asked: AskedCall = {
      name: nameOf(call),
      detail: hostCallDetail(call),
      askedAtMs: this.#elapsedMs(),
      lines: [],
    };
    if (!this.#over) this.#asked.push(asked);
    if (!SHOWN_AS_LOG.has(call.interface)) this.#hold(asked, 'request', requestMessage(call));
    return asked;
  }

  #answer(asked: AskedCall, call: HostCall, reply: HostReply): void {
    const failure = errorCase(reply);
    asked.answer = {
      durationMs: this.#elapsedMs() - asked.askedAtMs,
      ...(failure !== undefined && { failure }),
      ...(reply.note !== undefined && { note: reply.note }),
    };
    if (!SHOWN_AS_LOG.has(call.interface)) this.#hold(asked, 'response', replyMessage(call, reply));
  }

  #hold(asked: AskedCall, side: 'request' | 'response', message: MessageInput & { body: Uint8Array }): void {
    if (this.#heldBytes + message.body.length > HELD_BYTES) {
      asked.cut = true;
      return;
    }
    this.#heldBytes += message.body.length;
    asked[side] = message;
  }

  /** The oldest call of that name: a guest's calls are recorded and asked in the same order. */
  #takeAsked(call: HostCallRecord): AskedCall | undefined {
    const index = this.#asked.findIndex(({ name }) => name === nameOf(call));
    return index === -1 ? undefined : this.#asked.splice(index, 1)[0];
  }

  #byOwnClock({ name, askedAtMs, answer }: AskedCall): HostCallRecord {
    const [ofInterface = '', ofFunction = ''] = name.split('.');
    return {
      interface: ofInterface,
      function: ofFunction,
      offsetMs: askedAtMs,
      durationMs: answer?.durationMs ?? this.#elapsedMs() - askedAtMs,
      outcome: answer === undefined ? 'interrupted' : 'ok',
    };
  }

  #hostCall(call: HostCallRecord, asked: AskedCall | undefined): void {
    if (!SHOWN_AS_LOG.has(call.interface)) this.#hostCallHop(call, asked);
    for (const { level, message, afterMs } of asked?.lines ?? [])
      this.#line(level, message, call.offsetMs + Math.min(afterMs, call.durationMs));
  }

  #hostCallHop(call: HostCallRecord, asked: AskedCall | undefined): void {
    const failure = call.outcome === 'ok' ? asked?.answer?.failure : call.outcome;
    const hop = this.#traffic.begin({
      ...this.#facts,
      ...this.#parent,
      kind: 'host-call',
      from: 'handler',
      to: 'host',
      what: nameOf(call),
      detail: asked?.detail ?? '',
      startedAt: this.#startedAt + call.offsetMs,
      ...(asked?.request && { request: asked.request }),
    });
    if (asked?.answer?.note !== undefined) hop.note('Note', asked.answer.note);
    if (asked?.cut) hop.note('Bodies', 'The host calls of this run carry too many bytes to be kept whole.');
    hop.end({
      status: failure ?? 'ok',
      outcome: failure === undefined ? 'ok' : 'error',
      durationMs: call.durationMs,
      ...(asked?.response && { response: asked.response }),
    });
  }

  #line(level: LogLevel, message: string, offsetMs: number): void {
    this.#debug.write(level, message, this.#startedAt + offsetMs);
    this.#traffic
      .begin({
        ...this.#facts,
        ...this.#parent,
        kind: 'log',
        from: 'handler',
        to: 'log',
        what: 'log',
        detail: firstLine(message),
        level,
        startedAt: this.#startedAt + offsetMs,
        request: { headers: [], body: Buffer.from(message), contentType: 'text/plain' },
      })
      .end({ status: level, outcome: 'ok', durationMs: 0 });
  }

  #elapsedMs(): number {
    return epochNow() - this.#startedAt;
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

function nameOf(call: { readonly interface: string; readonly function: string }): string {
  return `${call.interface}.${call.function}`;
}
