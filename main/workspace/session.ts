import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  toErrorValue,
  WorkbenchError,
  type BuildKind,
  type BuildResult,
  type BuildState,
  type ProjectView,
} from '../../contract/index.ts';
import {
  LoadMemory,
  loadProject,
  type BuildOptions,
  type EngineTemplates,
  type LoadedProject,
} from '../build/index.ts';
import { parseManifest } from '../manifest/index.ts';
import { watchProject } from '../project/index.ts';
import type { Registry, ResolvedInstall } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';
import { buildAndInstall } from './build-and-install.ts';
import { LiveBuilds } from './live.ts';

/** What the builds of open projects share; engine templates are what makes saves fast. */
export type SessionBuild = Omit<BuildOptions, 'signal' | 'onStage' | 'templates'> & {
  readonly templates: EngineTemplates;
};

export interface SessionOptions {
  readonly id: string;
  readonly folder: string;
  readonly registry: Registry;
  readonly runner: DevelopmentRunner;
  readonly build: SessionBuild;
  /** How the handler runs while the project is open. */
  readonly kind: BuildKind;
  /** Called after every change of {@link ProjectSession.view}. */
  readonly onChange: () => void;
}

/** A save is packed once the author has stopped saving for so long; what was saved answers before. Milliseconds. */
const PACK_AFTER_MS = 1000;

/** A file that was read while its author was saving it is no failure: the change is heard of within this. Milliseconds. */
const FAILED_AFTER_MS = 30;

type OnStage = NonNullable<BuildOptions['onStage']>;

/** What a load has left for the packing to do. */
interface Loaded {
  readonly project: LoadedProject | undefined;
  /** It answers calls already: its extension was installed before. */
  readonly answers: boolean;
  readonly why: string | undefined;
}

/**
 * One open project: watches its folder and lets each good change answer calls as soon as it is loaded, then packs and
 * installs it for the local tenant. A newer change stops what is under way; while one fails, the last good one answers.
 */
export class ProjectSession {
  readonly #options: SessionOptions;
  readonly #watcher: ReturnType<typeof watchProject>;
  readonly #live: LiveBuilds;
  readonly #memory = new LoadMemory();
  #kind: BuildKind;
  #name: string;
  #version: string | undefined;
  #registryId: string | undefined;
  #state: BuildState = { status: 'never', stages: [], problems: [] };
  #controller: AbortController | undefined;
  #current: Promise<BuildResult> | undefined;
  /** Every run that is not over, stopped ones included. */
  readonly #running = new Set<Promise<BuildResult>>();
  #started: Promise<void> = Promise.resolve();
  /** Lets the calls go on that wait for the first load. */
  #onLoaded: (() => void) | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#kind = options.kind;
    this.#name = path.basename(options.folder);
    this.#live = new LiveBuilds(options.registry, options.runner);
    this.#watcher = watchProject(options.folder, (paths, since) => {
      this.#memory.changed(paths);
      this.#rebuild(since);
    });
  }

  /**
   * Starts the first build once changes on disk are seen, so that none falls between the two. Resolves before that: from
   * then on calls wait for the build.
   */
  start(): Promise<void> {
    const expected = this.#expectFirst();
    this.#started = expected.then(() => this.#buildFirst());
    return expected;
  }

  async #expectFirst(): Promise<void> {
    const registryId = await this.#readIdentity();
    if (registryId !== undefined) this.#onLoaded = this.#options.registry.expectLive(registryId);
  }

  async #buildFirst(): Promise<void> {
    // A folder that cannot be watched (the watcher warns of it) is built all the same.
    await this.#watcher.ready.catch(() => undefined);
    if (this.#closed) this.#loaded();
    else this.#rebuild(performance.now());
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Chooses how the handler runs, and loads it so. */
  setKind(kind: BuildKind): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#rebuild(performance.now());
  }

  get view(): ProjectView {
    const { problems } = this.#state;
    return {
      id: this.#options.id,
      folder: this.folder,
      name: this.#name,
      kind: this.#kind,
      ...(this.#version !== undefined && { version: this.#version }),
      build: this.#state,
      ...(this.#registryId !== undefined && { registryId: this.#registryId }),
      errorCount: problems.filter(problem => problem.severity === 'error').length,
      warningCount: problems.filter(problem => problem.severity === 'warning').length,
    };
  }

  /** Builds and installs the project as it is now; a build that runs already is stopped first. */
  build(): Promise<BuildResult> {
    return this.#begin(performance.now(), 0);
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

  /** Stops the build that runs; what answered before goes on. */
  cancel(): void {
    this.#controller?.abort();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.cancel();
    await this.#watcher.close();
    await Promise.allSettled(this.#running);
    this.#live.close();
  }

  #rebuild(since: number): void {
    // The outcome is in the state; a cancelled build is not news.
    if (!this.#closed) void this.#begin(since, PACK_AFTER_MS).catch(() => undefined);
  }

  #begin(since: number, packAfterMs: number): Promise<BuildResult> {
    this.#controller?.abort();
    const controller = new AbortController();
    this.#controller = controller;
    // What is stopped may take a while to end; it packs in turn and says nothing any more, so nobody waits for it.
    const run = this.#run(controller.signal, since, packAfterMs);
    this.#current = run;
    this.#running.add(run);
    const over = (): void => void this.#running.delete(run);
    run.then(over, over);
    return run;
  }

  async #run(signal: AbortSignal, since: number, packAfterMs: number): Promise<BuildResult> {
    this.#set({ ...this.#state, status: 'building', stages: [], packing: false });
    try {
      signal.throwIfAborted();
      const registryId = await this.#readIdentity();
      return await this.#loadAndPack(registryId, signal, since, packAfterMs);
    } catch (error) {
      const { stages } = this.#state;
      if (signal.aborted) {
        const { problems } = this.#state;
        // A newer run has the say by now, unless this one was stopped for its own sake.
        if (this.#isCurrent(signal)) this.#finish('cancelled', { ok: false, stages, problems }, since);
        throw new WorkbenchError('build.cancelled', { cause: error });
      }
      const { code, message, next } = toErrorValue(error);
      const result: BuildResult = {
        ok: false,
        stages,
        problems: [{ code, severity: 'error', message, help: next }],
      };
      this.#finish('failed', result, since);
      return result;
    } finally {
      if (this.#isCurrent(signal)) this.#loaded();
    }
  }

  #isCurrent(signal: AbortSignal): boolean {
    return signal === this.#controller?.signal;
  }

  /** From here on, calls are answered by what there is. */
  #loaded(): void {
    this.#onLoaded?.();
    this.#onLoaded = undefined;
  }

  async #loadAndPack(
    registryId: string | undefined,
    signal: AbortSignal,
    since: number,
    packAfterMs: number,
  ): Promise<BuildResult> {
    const onStage: OnStage = event => {
      if (!signal.aborted) this.#onStage(event);
    };
    const build = { ...this.#options.build, signal, onStage };
    const loaded = await loadProject(this.folder, { ...build, kind: this.#kind, memory: this.#memory });
    const { project, why } = loaded;
    signal.throwIfAborted();
    if (!project) this.#loaded();
    if (!project && why === undefined) {
      const result = { ok: false, stages: [...loaded.stages], problems: [...loaded.problems] };
      await delay(FAILED_AFTER_MS, undefined, { signal });
      this.#finish('failed', result, since);
      return result;
    }
    const answers = project !== undefined && registryId !== undefined;
    if (answers) {
      await this.#goLive(registryId, project, project.hash, since);
      this.#loaded();
      signal.throwIfAborted();
      const result = { ok: true, stages: [...loaded.stages], problems: [...loaded.problems] };
      this.#finish('ok', result, since, true);
      await delay(packAfterMs, undefined, { signal });
    }
    return await this.#pack(build, since, { project, answers, why });
  }

  /** The whole build: what a save answers with is in the cache by then, the bundle is new. */
  async #pack(
    build: BuildOptions & { readonly signal: AbortSignal },
    since: number,
    loaded: Loaded,
  ): Promise<BuildResult> {
    const { registry, runner } = this.#options;
    // Nothing compiles what runs from memory.
    const target = { registry, ...(!loaded.project && { runner }) };
    const { result, install } = await buildAndInstall(this.folder, target, build);
    build.signal.throwIfAborted();
    if (install) await this.#installed(install, loaded, since);
    if (!result.ok) await delay(FAILED_AFTER_MS, undefined, { signal: build.signal });
    this.#finish(result.ok ? 'ok' : 'failed', result, since);
    return result;
  }

  async #installed(
    { registryId, contentHash }: ResolvedInstall,
    { project, answers, why }: Loaded,
    since: number,
  ): Promise<void> {
    if (!project) {
      this.#live.hide();
      this.#registryId = registryId;
      this.#answersFrom(contentHash, 'release', since, why);
    } else if (!answers) await this.#goLive(registryId, project, contentHash, since);
  }

  async #goLive(registryId: string, project: LoadedProject, hash: string, since: number): Promise<void> {
    await this.#live.show(registryId, project, hash);
    this.#registryId = registryId;
    this.#answersFrom(hash, project.kind, since);
  }

  #answersFrom(hash: string, kind: BuildKind, since: number, slow?: string): void {
    const ms = performance.now() - since;
    const live = { hash, kind, since: Date.now(), ms, ...(slow !== undefined && { slow }) };
    this.#set({ ...this.#state, live });
  }

  readonly #onStage: OnStage = event => {
    if (event.state === 'start') {
      this.#set({ ...this.#state, running: event.stage });
      return;
    }
    const stage = { name: event.stage, ms: event.ms ?? 0, cached: event.cached ?? false };
    // Packing goes through the stages of the load once more; each is told once.
    if (this.#state.stages.some(({ name }) => name === stage.name)) return;
    this.#set({ ...this.#state, stages: [...this.#state.stages, stage] });
  };

  /** Reads what the project calls itself; resolves to the registry id of what is installed under that name. */
  async #readIdentity(): Promise<string | undefined> {
    const text = await readFile(path.join(this.folder, 'manifest.json'), 'utf8').catch(() => undefined);
    const manifest = text === undefined ? undefined : parseManifest(text).manifest;
    if (!manifest) return undefined;
    const slug = `${manifest.publisher ?? ''}.${manifest.name}`.toLowerCase();
    const installed = this.#options.registry.resolve(slug);
    this.#name = manifest.name;
    this.#version = manifest.version;
    if (installed && this.#registryId === undefined) {
      // What an earlier start installed answers until this build is loaded.
      this.#registryId = installed.registryId;
      this.#answersFrom(installed.contentHash, 'release', performance.now());
    }
    return installed?.registryId;
  }

  #finish(status: BuildState['status'], result: BuildResult, since: number, packing = false): void {
    const { live } = this.#state;
    this.#set({
      status,
      stages: result.stages,
      problems: result.problems,
      finishedAt: Date.now(),
      ms: performance.now() - since,
      packing,
      ...(live && { live }),
    });
  }

  #set(state: BuildState): void {
    this.#state = state;
    if (!this.#closed) this.#options.onChange();
  }
}
