import path from 'node:path';
import {
  type ExecuteRequest,
  type Execution,
  type ExecutionLimits,
  type HostFunctions,
  type LogLine,
} from '../../contract/index.ts';
import { fromNative, loadAddon, type Addon } from './addon.ts';
import { AdoptedSources, type AdoptedSource, type LoadedSource } from './adopted.ts';
import { ComponentCache } from './component-cache.ts';
import { placeCompiled } from './prepared.ts';
import { toExecution, toLogLine } from './execution.ts';
import { Runs, type Component } from './runs.ts';

/**
 * What can be run: a component's file, whose name stands for its content, or a source that
 * {@link DevelopmentRunner.adopt} took.
 */
export type Runnable = { readonly componentPath: string } | { readonly sourceId: string };

/** One call of a component's handler. */
export type RunArguments = Runnable & {
  readonly request: ExecuteRequest;
  readonly limits: ExecutionLimits;
  readonly host: HostFunctions;
  /**
   * Lets `wasi:http` of the guest through, as the platform does: past allowlist and capability (spec/alga-platform.md
   * 4.9). Refused when absent.
   */
  readonly allowWasiHttp?: boolean;
  /** Called as lines appear; the execution's `logs` hold them all in the end. */
  readonly onLog?: (line: LogLine) => void;
  readonly signal?: AbortSignal;
};

/** The part of the addon that makes components; `main/build` says what it needs of it. */
export interface Building {
  readonly builder: InstanceType<Addon['Builder']>;
  cancelToken(): InstanceType<Addon['CancelToken']>;
}

/** Runs components in Wasmtime; no turn of a run keeps the JavaScript thread for more than some milliseconds. */
export interface Runner {
  /**
   * Runs the handler once in a fresh store. What the guest does wrong is the execution's `fault`; rejects with
   * `component.*` when the file cannot be run at all, or the source is not there any more.
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
   * Takes a loaded source to be run under its id: the same engine, code and memory as the component made of it, with
   * nothing compiled. The source itself may be disposed of.
   *
   * @returns what lets it go; projects with the same handler share one source, which is there until the last lets go,
   *   and what runs goes on
   */
  adopt(loaded: LoadedSource): Promise<() => void>;
  /** Makes the engine of a template ready for {@link adopt}: compiles it, or maps what was compiled before. */
  prepare(template: object): Promise<void>;
  /** Compiles ahead what the components of a release template share: none of them waits for it any more. */
  prepareComponents(template: object): Promise<void>;
  /** Makes components; one builder for all. */
  building(): Building;
}

export interface CreateRunnerOptions {
  readonly addonPath: string;
  readonly cacheDir: string;
  /** Compiled code that came with the workbench. */
  readonly preparedDir?: string;
}

/** A runner that keeps compiled components in `cacheDir` (spec/alga-platform.md 4.7 gives the default limits). */
export function createRunner(options: CreateRunnerOptions): DevelopmentRunner {
  const addon = loadAddon(options.addonPath);
  // A build differs from the one before it in little: its compiled functions are used again.
  const { cacheDir, preparedDir } = options;
  if (preparedDir !== undefined) placeCompiled(preparedDir, cacheDir);
  const settings = { cacheDir, reuseFunctions: true };
  const runs = new Runs(hear => native(() => addon.Engine.create(settings, hear)));
  const { engine } = runs;
  const adopted = new AdoptedSources(engine);
  const components = new ComponentCache<Component>(path => engine.load(path).catch(rethrow));
  let builder: InstanceType<Addon['Builder']> | undefined;

  return {
    wasmtime: engine.info().wasmtime,
    async execute(run) {
      const { request, host, onLog, signal, allowWasiHttp = false } = run;
      const limits = { ...run.limits, allowWasiHttp };
      const { component, view }: AdoptedSource =
        'sourceId' in run
          ? adopted.get(run.sourceId)
          : { component: await components.get(run.componentPath) };
      const outcome = await runs.start(component, request, limits, {
        host,
        onLog:
          onLog &&
          (entry => {
            const line = toLogLine(entry, view);
            if (line) onLog(line);
          }),
        signal,
      });
      return toExecution(outcome, view);
    },
    adopt: loaded => adopted.adopt(loaded),
    async prepare(template) {
      await adopted.base(template);
    },
    async prepareComponents(template) {
      // The build hands back what this addon made; the addon itself refuses anything else.
      await engine.prepareCode(template as InstanceType<Addon['EngineTemplate']>).catch(rethrow);
    },
    building() {
      builder ??= native(() => addon.Builder.create(path.join(options.cacheDir, 'builder')));
      return { builder, cancelToken: () => new addon.CancelToken() };
    },
    async warm(componentPath) {
      await components.get(componentPath);
    },
    close: () => runs.close(),
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
