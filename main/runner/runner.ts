import {
  type ExecuteRequest,
  type Execution,
  type ExecutionLimits,
  type HostFunctions,
  type LogLine,
} from '../../contract/index.ts';
import { fromNative, loadAddon, type Addon } from './addon.ts';
import { ComponentCache } from './component-cache.ts';

type Component = Awaited<ReturnType<InstanceType<Addon['Engine']>['load']>>;
type RunOutcome = Awaited<ReturnType<Component['execute']>>;

/** One call of a component's handler. */
export interface RunArguments {
  /** The component's file; what it holds may change from call to call, the newest content is run. */
  readonly componentPath: string;
  readonly request: ExecuteRequest;
  readonly limits: ExecutionLimits;
  readonly host: HostFunctions;
  /** Called as lines appear; the execution's `logs` hold them all in the end. */
  readonly onLog?: (line: LogLine) => void;
  readonly signal?: AbortSignal;
}

/** Runs components in Wasmtime, off the JavaScript thread. */
export interface Runner {
  /**
   * Runs the handler once in a fresh store. What the guest does wrong is the execution's `fault`; rejects with
   * `component.*` when the file cannot be run at all.
   */
  execute(run: RunArguments): Promise<Execution>;
  /** Compiles a component ahead of its first call, or maps what was compiled before. */
  warm(componentPath: string): Promise<void>;
  /** Version of Wasmtime. */
  readonly wasmtime: string;
  /** Ends every run that is still going. */
  close(): Promise<void>;
}

/** A runner that keeps compiled components in `cacheDir` (spec/alga-platform.md 4.7 gives the default limits). */
export function createRunner(options: { addonPath: string; cacheDir: string }): Runner {
  const addon = loadAddon(options.addonPath);
  const engine = native(() => addon.Engine.create({ cacheDir: options.cacheDir }));
  const components = new ComponentCache<Component>(path => engine.load(path).catch(rethrow));
  const running = new Map<InstanceType<Addon['CancelToken']>, Promise<unknown>>();

  return {
    wasmtime: engine.info().wasmtime,
    async execute({ componentPath, request, limits, host, onLog, signal }) {
      const component = await components.get(componentPath);
      const token = new addon.CancelToken();
      const cancel = (): void => token.cancel();
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      const run = component.execute(
        toNative(request),
        definedLimits(limits),
        async call => {
          const args = JSON.parse(call.argsJson) as Record<string, unknown>;
          const { bytes } = call;
          const reply = await host({
            interface: call.interface,
            function: call.function,
            args,
            ...(bytes && { bytes }),
          });
          return {
            valueJson: JSON.stringify(reply.value),
            ...(reply.bytes && { bytes: asBuffer(reply.bytes) }),
          };
        },
        onLog &&
          ((level, message, micros) =>
            onLog({ level: level.toLowerCase() as LogLine['level'], message, offsetMs: micros / 1000 })),
        token,
      );
      running.set(token, run);
      try {
        return fromOutcome(await run.catch(rethrow));
      } finally {
        running.delete(token);
        signal?.removeEventListener('abort', cancel);
      }
    },
    async warm(componentPath) {
      await components.get(componentPath);
    },
    async close() {
      for (const token of running.keys()) token.cancel();
      await Promise.allSettled(running.values());
    },
  };
}

function native<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fromNative(error);
  }
}

function rethrow(error: unknown): never {
  throw fromNative(error);
}

function toNative({ context, http }: ExecuteRequest): Parameters<Component['execute']>[0] {
  const { body, ...rest } = http;
  return {
    context: { ...context },
    http: { ...rest, headers: [...http.headers], ...(body && { body: asBuffer(body) }) },
  };
}

function definedLimits(limits: ExecutionLimits): Parameters<Component['execute']>[1] {
  return {
    ...(limits.timeoutMs !== undefined && { timeoutMs: limits.timeoutMs }),
    ...(limits.memoryMb !== undefined && { memoryMb: limits.memoryMb }),
  };
}

function fromOutcome(outcome: RunOutcome): Execution {
  const { response, fault } = outcome;
  return {
    ...(response && {
      response: {
        status: response.status,
        headers: response.headers,
        ...(response.body && { body: response.body }),
      },
    }),
    ...(fault && {
      fault: {
        code: fault.code,
        message: fault.message,
        detail: fault.detail,
        ...(fault.stderr !== undefined && { stderr: fault.stderr }),
      },
    }),
    durationMs: outcome.durationMicros / 1000,
    peakMemoryBytes: outcome.peakMemoryBytes,
    logs: outcome.logs.map(({ level, message, offsetMicros }) => ({
      level: level.toLowerCase() as LogLine['level'],
      message,
      offsetMs: offsetMicros / 1000,
    })),
    hostCalls: outcome.hostCalls.map(call => ({
      interface: call.interface,
      function: call.function,
      offsetMs: call.startMicros / 1000,
      durationMs: call.durationMicros / 1000,
      outcome: call.outcome,
    })),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
