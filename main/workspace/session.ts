import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  toErrorValue,
  WorkbenchError,
  type BuildResult,
  type BuildState,
  type ProjectView,
} from '../../contract/index.ts';
import type { BuildOptions } from '../build/index.ts';
import { parseManifest } from '../manifest/index.ts';
import { watchProject } from '../project/index.ts';
import type { Registry, ResolvedInstall } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';
import { buildAndInstall } from './build-and-install.ts';

export interface SessionOptions {
  readonly id: string;
  readonly folder: string;
  readonly registry: Registry;
  readonly runner: DevelopmentRunner;
  readonly build: Omit<BuildOptions, 'signal' | 'onStage'>;
  /** Called after every change of {@link ProjectSession.view}. */
  readonly onChange: () => void;
}

/**
 * One open project: watches its folder, builds it when it changes and installs each good build for the local tenant.
 * A newer change stops the build that runs; while a build fails, the last good one stays installed.
 */
export class ProjectSession {
  readonly #options: SessionOptions;
  readonly #watcher: ReturnType<typeof watchProject>;
  #name: string;
  #version: string | undefined;
  #registryId: string | undefined;
  #state: BuildState = { status: 'never', stages: [], problems: [] };
  #controller: AbortController | undefined;
  #current: Promise<BuildResult> | undefined;
  #started: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#name = path.basename(options.folder);
    this.#watcher = watchProject(options.folder, () => this.#rebuild());
  }

  /** Starts the first build once changes on disk are seen, so that none falls between the two. */
  start(): void {
    // A folder that cannot be watched (the watcher warns of it) is built all the same.
    this.#started = this.#watcher.ready.catch(() => undefined).then(() => this.#rebuild());
  }

  get folder(): string {
    return this.#options.folder;
  }

  get view(): ProjectView {
    const { problems } = this.#state;
    return {
      id: this.#options.id,
      folder: this.folder,
      name: this.#name,
      ...(this.#version !== undefined && { version: this.#version }),
      build: this.#state,
      ...(this.#registryId !== undefined && { registryId: this.#registryId }),
      errorCount: problems.filter(problem => problem.severity === 'error').length,
      warningCount: problems.filter(problem => problem.severity === 'warning').length,
    };
  }

  /** Builds and installs the project as it is now; a build that runs already is stopped first. */
  build(): Promise<BuildResult> {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    const previous = this.#current;
    this.#current = (previous ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#run(controller.signal));
    return this.#current;
  }

  /** The outcome of the build that runs now or ran last; starts one when there was none. */
  async settled(): Promise<BuildResult> {
    await this.#started;
    let current = this.#current ?? this.build();
    for (;;) {
      const result = await current.catch(() => undefined);
      if (result && current === this.#current) return result;
      // A change on disk replaced that build meanwhile, or it was cancelled.
      if (current === this.#current) return { ok: false, stages: [], problems: [...this.#state.problems] };
      current = this.#current ?? this.build();
    }
  }

  /** Stops the build that runs; what was installed before stays. */
  cancel(): void {
    this.#controller?.abort();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.cancel();
    await this.#watcher.close();
    await this.#current?.catch(() => undefined);
  }

  #rebuild(): void {
    // The outcome is in the state; a cancelled build is not news.
    if (!this.#closed) void this.build().catch(() => undefined);
  }

  async #run(signal: AbortSignal): Promise<BuildResult> {
    const started = performance.now();
    this.#set({ ...this.#state, status: 'building', stages: [] });
    try {
      signal.throwIfAborted();
      await this.#readIdentity();
      const { result, install } = await buildAndInstall(this.folder, this.#options, {
        ...this.#options.build,
        development: 'release',
        signal,
        onStage: event => this.#onStage(event),
      });
      if (install) this.#live(install);
      this.#finish(result.ok ? 'ok' : 'failed', result, started);
      return result;
    } catch (error) {
      if (signal.aborted) {
        this.#finish(
          'cancelled',
          { ok: false, stages: this.#state.stages, problems: this.#state.problems },
          started,
        );
        throw new WorkbenchError('build.cancelled', { cause: error });
      }
      const { code, message, next } = toErrorValue(error);
      const result: BuildResult = {
        ok: false,
        stages: this.#state.stages,
        problems: [{ code, severity: 'error', message, help: next }],
      };
      this.#finish('failed', result, started);
      return result;
    }
  }

  #onStage(event: Parameters<NonNullable<BuildOptions['onStage']>>[0]): void {
    if (event.state === 'start') {
      this.#set({ ...this.#state, running: event.stage });
      return;
    }
    const stage = { name: event.stage, ms: event.ms ?? 0, cached: event.cached ?? false };
    this.#set({ ...this.#state, stages: [...this.#state.stages, stage] });
  }

  async #readIdentity(): Promise<void> {
    const text = await readFile(path.join(this.folder, 'manifest.json'), 'utf8').catch(() => undefined);
    const manifest = text === undefined ? undefined : parseManifest(text).manifest;
    if (!manifest) return;
    this.#name = manifest.name;
    this.#version = manifest.version;
    const slug = `${manifest.publisher ?? ''}.${manifest.name}`.toLowerCase();
    const installed = this.#registryId === undefined && this.#options.registry.resolve(slug);
    // What an earlier start installed answers until this build is done.
    if (installed) this.#live(installed);
  }

  #live(install: ResolvedInstall): void {
    this.#registryId = install.registryId;
    this.#set({ ...this.#state, liveHash: install.contentHash });
  }

  #finish(status: BuildState['status'], result: BuildResult, started: number): void {
    const { liveHash } = this.#state;
    this.#set({
      status,
      stages: result.stages,
      problems: result.problems,
      finishedAt: Date.now(),
      ms: performance.now() - started,
      ...(liveHash !== undefined && { liveHash }),
    });
  }

  #set(state: BuildState): void {
    this.#state = state;
    if (!this.#closed) this.#options.onChange();
  }
}
