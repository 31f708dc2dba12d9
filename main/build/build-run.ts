import { performance } from 'node:perf_hooks';
import path from 'node:path';
import {
  WorkbenchError,
  type BuildStage,
  type Manifest,
  type Problem,
  type StageName,
} from '../../contract/index.ts';
import { packBundle, type BundleWork } from '../bundle/index.ts';
import type { Project } from '../project/index.ts';
import { createArtifacts, type Artifacts } from './artifacts.ts';
import type { EngineTemplates } from './engine-template/templates.ts';
import type { BuildOptions, Toolchain } from './options.ts';
import { isDiskFull } from './disk-full.ts';
import { createRecords, type Records } from './records.ts';

/** Ends a build with problems: expected, and reported as the result. */
export class StageFailure extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(problem => problem.message).join('\n'));
    this.problems = problems;
  }
}

/** Writes a line into the log of the stage that runs. */
export type Log = (line: string) => void;

/** What the stages of one build share. */
export interface BuildRun {
  readonly folder: string;
  readonly project: Project;
  readonly manifest: Manifest;
  readonly toolchain: Toolchain;
  readonly artifacts: Artifacts;
  readonly records: Records;
  readonly outFile: string;
  readonly packBundle: BundleWork['pack'];
  readonly offline: boolean;
  readonly templates?: EngineTemplates;
  readonly signal: AbortSignal;
}

/** Where `buildProject` keeps what a project's last build was made of, and where its bundle goes. */
export function createRun(
  project: Project,
  manifest: Manifest,
  options: BuildOptions,
  signal: AbortSignal,
): BuildRun {
  return {
    folder: project.folder,
    project,
    manifest,
    toolchain: options.toolchain,
    artifacts: createArtifacts(path.join(options.cacheDir, 'artifacts')),
    records: createRecords(path.join(options.cacheDir, 'projects'), project.folder),
    outFile: options.outFile ?? path.join(project.folder, 'dist', 'bundle.tar.zst'),
    packBundle: options.bundles?.pack ?? packBundle,
    offline: options.offline ?? false,
    ...(options.templates && { templates: options.templates }),
    signal,
  };
}

/** The result of a stage, and whether an earlier build had made it. */
export interface Made<T> {
  readonly value: T;
  readonly cached: boolean;
}

/** Runs stages one after the other, times them and tells the listener. A full disk is told as `build.disk-full`. */
export class StageClock {
  readonly stages: BuildStage[] = [];
  readonly #signal: AbortSignal;
  readonly #onStage: BuildOptions['onStage'];

  constructor(signal: AbortSignal, onStage: BuildOptions['onStage']) {
    this.#signal = signal;
    this.#onStage = onStage;
  }

  /** Runs one stage; the time of a stage that fails counts too. Throws `build.cancelled` once the signal is aborted. */
  async run<T>(name: StageName, work: (log: Log) => Promise<Made<T>>): Promise<T> {
    throwIfCancelled(this.#signal);
    const started = performance.now();
    this.#onStage?.({ stage: name, state: 'start' });
    let cached = false;
    try {
      const made = await work(line => this.#onStage?.({ stage: name, state: 'start', log: line }));
      cached = made.cached;
      throwIfCancelled(this.#signal);
      return made.value;
    } catch (error) {
      if (isDiskFull(error)) throw new WorkbenchError('build.disk-full', { cause: error });
      throw error;
    } finally {
      const ms = performance.now() - started;
      this.stages.push({ name, ms, cached });
      this.#onStage?.({ stage: name, state: 'end', ms, cached });
    }
  }
}

/** Throws `build.cancelled` when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WorkbenchError('build.cancelled', { cause: signal.reason });
}
