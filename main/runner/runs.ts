import type { ExecuteRequest, ExecutionLimits, HostFunctions } from '../../contract/index.ts';
import { fromNative, type Addon } from './addon.ts';

export type Engine = InstanceType<Addon['Engine']>;
export type Component = Awaited<ReturnType<Engine['load']>>;
type RunEvent = Parameters<Parameters<Addon['Engine']['create']>[1]>[0][number];
type HostCall = NonNullable<RunEvent['call']>;
export type RunOutcome = NonNullable<RunEvent['outcome']>;

/** What a run may use, and whether its `wasi:http` requests go out. */
export interface RunLimits extends ExecutionLimits {
  readonly allowWasiHttp: boolean;
}

/** Who answers a run and hears of it. */
export interface RunListener {
  readonly host: HostFunctions;
  /** Must not throw. */
  readonly onLog: ((entry: RunOutcome['logs'][number]) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Run extends RunListener {
  readonly end: (outcome: RunOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * For one host call. A host interface has limits of its own, of 30 s at most (spec/alga-platform.md 4.7), which the
 * guest is told of as an error: those come first.
 */
export const HOST_CALL_TIMEOUT_MS = 35_000;
/** Longest that a timer can be set to; it is never waited for. */
const FOREVER_MS = 2 ** 31 - 1;

/** The runs of one engine that are under way: one function hears of all of them, in batches. */
export class Runs {
  readonly engine: Engine;
  readonly #running = new Map<number, Run>();
  /** Runs that are over and whose callers have not gone on yet: more calls than one were made at once. */
  #unheard = 0;
  /** Keeps the process alive while something runs, which the engine does not. */
  readonly #awake = setInterval(() => undefined, FOREVER_MS).unref();
  #idle: (() => void) | undefined;
  #tidying: NodeJS.Immediate | undefined;

  constructor(open: (hear: (events: RunEvent[]) => void) => Engine) {
    this.engine = open(events => this.#hearAll(events));
  }

  /** Starts a run; resolves with its outcome, rejects only when there was no run at all. */
  start(
    component: Component,
    request: ExecuteRequest,
    limits: RunLimits,
    listener: RunListener,
  ): Promise<RunOutcome> {
    return new Promise((resolve, reject) => {
      const { signal } = listener;
      const { run: id, events } = this.#execute(component, request, limits, signal?.aborted ?? false);
      const cancel = (): void => this.engine.cancel(id);
      const over = (): void => {
        signal?.removeEventListener('abort', cancel);
        this.#forget(id);
        this.#unheard++;
        queueMicrotask(() => this.#unheard--);
      };
      if (this.#running.size === 0) this.#awake.ref();
      this.#running.set(id, {
        ...listener,
        end: outcome => {
          over();
          resolve(outcome);
        },
        fail: error => {
          over();
          reject(asError(error));
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      this.#hearAll(events);
    });
  }

  #execute(
    component: Component,
    request: ExecuteRequest,
    limits: RunLimits,
    cancelled: boolean,
  ): ReturnType<Engine['execute']> {
    try {
      const alone = this.#unheard === 0;
      return this.engine.execute(component, toNative(request), nativeLimits(limits), alone, cancelled);
    } catch (error) {
      throw fromNative(error);
    }
  }

  /** Ends every run that is still going, and waits until they have ended. */
  async close(): Promise<void> {
    if (this.#running.size > 0) {
      const idle = new Promise<void>(resolve => (this.#idle = resolve));
      for (const id of this.#running.keys()) this.engine.cancel(id);
      await idle;
    }
    clearInterval(this.#awake);
    this.#tidy();
  }

  #tidy(): void {
    clearImmediate(this.#tidying);
    this.#tidying = undefined;
    this.engine.tidy();
  }

  #forget(id: number): void {
    this.#running.delete(id);
    if (this.#running.size > 0) return;
    this.#awake.unref();
    this.#idle?.();
    // A turn of the event loop comes when JavaScript has nothing to do; calls that follow each other do without.
    this.#tidying ??= setImmediate(() => this.#tidy());
  }

  #hearAll(events: readonly RunEvent[]): void {
    for (const event of events) this.#hear(event);
  }

  #hear({ run: id, call, log, outcome, error }: RunEvent): void {
    const run = this.#running.get(id);
    if (!run) return;
    if (call) void this.#answer(run.host, call);
    if (log) run.onLog?.(log);
    if (outcome) run.end(outcome);
    if (error) run.fail(fromNative(Object.assign(new Error(error.message), error)));
  }

  async #answer(host: HostFunctions, call: HostCall): Promise<void> {
    try {
      const reply = await host({
        interface: call.interface,
        function: call.function,
        args: JSON.parse(call.argsJson) as Record<string, unknown>,
        ...(call.bytes && { bytes: call.bytes }),
      });
      const native = {
        valueJson: JSON.stringify(reply.value),
        ...(reply.bytes && { bytes: asBuffer(reply.bytes) }),
      };
      this.#hearAll(this.engine.answer(call.id, native));
    } catch (error) {
      this.#hearAll(this.engine.fail(call.id, asError(error).message));
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function toNative({ context, http }: ExecuteRequest): Parameters<Engine['execute']>[1] {
  const { method, url, headers, body } = http;
  return { context, http: { method, url, headers: [...headers], ...(body && { body: asBuffer(body) }) } };
}

function nativeLimits({ timeoutMs, memoryMb, allowWasiHttp }: RunLimits): Parameters<Engine['execute']>[2] {
  return {
    hostCallTimeoutMs: HOST_CALL_TIMEOUT_MS,
    allowWasiHttp,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(memoryMb !== undefined && { memoryMb }),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
