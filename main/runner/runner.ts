import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  WorkbenchError,
  type ExecuteRequest,
  type Execution,
  type ExecutionLimits,
  type HostFunctions,
  type LogLine,
} from '../../contract/index.ts';
import { fromNative, loadAddon, type Addon } from './addon.ts';
import { ComponentCache } from './component-cache.ts';
import { Recent } from './recent.ts';

/** Development builds kept ready beside their installed files; each holds 3 to 4 MB. */
const ADOPTED = 16;

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

/** A source that an engine template loaded: what {@link Runner.adopt} runs without compiling anything. */
export interface LoadedSource {
  readonly template: object;
  readonly source: object;
}

/** The part of the addon that makes components; `main/build` says what it needs of it. */
export interface Building {
  readonly builder: InstanceType<Addon['Builder']>;
  cancelToken(): InstanceType<Addon['CancelToken']>;
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

/** A runner that also makes components, and runs what was just made without compiling it. */
export interface DevelopmentRunner extends Runner {
  /**
   * Takes a loaded source as the way to run the component in a file: the same engine, code and memory, without
   * compiling the file. It holds for every file of that content, and ends with this runner.
   */
  adopt(componentPath: string, loaded: LoadedSource): Promise<void>;
  /** Makes components; one builder for all. */
  building(): Building;
}

/** A runner that keeps compiled components in `cacheDir` (spec/alga-platform.md 4.7 gives the default limits). */
export function createRunner(options: { addonPath: string; cacheDir: string }): DevelopmentRunner {
  const addon = loadAddon(options.addonPath);
  // A build differs from the one before it in little: its compiled functions are used again.
  const engine = native(() => addon.Engine.create({ cacheDir: options.cacheDir, reuseFunctions: true }));
  const adopted = new Recent<string, Component>(ADOPTED);
  const imageBases = new WeakMap<object, ReturnType<typeof engine.loadImageBase>>();
  const components = new ComponentCache<Component>(async path => {
    const known = adopted.size === 0 ? undefined : adopted.get(await contentOf(path));
    return known ?? engine.load(path).catch(rethrow);
  });
  let builder: InstanceType<Addon['Builder']> | undefined;
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
    async adopt(componentPath, { template, source }) {
      // The build hands back what this addon made; the addon itself refuses anything else.
      const engineTemplate = template as InstanceType<Addon['EngineTemplate']>;
      const base = imageBases.get(template) ?? engine.loadImageBase(engineTemplate);
      imageBases.set(template, base);
      const component = (await base.catch(rethrow)).withMemory(source as InstanceType<Addon['LoadedSource']>);
      adopted.set(await contentOf(componentPath), component);
    },
    building() {
      builder ??= native(() => addon.Builder.create(path.join(options.cacheDir, 'builder')));
      return { builder, cancelToken: () => new addon.CancelToken() };
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

/** What identifies a component's content, as the build writes it. */
async function contentOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new WorkbenchError('component.unreadable', { details: { file }, cause });
  });
  return hash('sha256', bytes);
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
