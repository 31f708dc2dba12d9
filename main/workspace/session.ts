import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  toErrorValue,
  WorkbenchError,
  type BuildKind,
  type BuildResult,
  type Problem,
  type ProjectView,
} from '../../contract/index.ts';
import { LoadMemory } from '../build/index.ts';
import { parseManifest } from '../manifest/index.ts';
import { watchProject } from '../project/index.ts';
import type { Registry } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';
import { BuildProgress } from './build-progress.ts';
import { LiveBuilds } from './live.ts';
import { ProjectPages, type PageServers } from './pages.ts';
import { SaveRun, type RunParts, type SessionBuild } from './save-run.ts';

export interface SessionOptions {
  readonly id: string;
  readonly folder: string;
  readonly registry: Registry;
  readonly runner: DevelopmentRunner;
  readonly build: SessionBuild;
  readonly pageServers: PageServers;
  /** How the handler runs while the project is open. */
  readonly kind: BuildKind;
  /** Called after every change of {@link ProjectSession.view}. */
  readonly onChange: () => void;
}

/** A save is packed once the author has stopped saving for so long; what was saved answers before. Milliseconds. */
const PACK_AFTER_MS = 1000;

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
  readonly #progress: BuildProgress;
  readonly #pages: ProjectPages;
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
    this.#progress = new BuildProgress(() => {
      if (!this.#closed) options.onChange();
    });
    this.#pages = new ProjectPages(options.folder, options.pageServers, () =>
      this.#rebuild(performance.now()),
    );
    this.#watcher = watchProject(options.folder, (paths, since) => {
      this.#memory.changed(paths);
      this.#pages.changed(paths);
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
    const build = this.#progress.state;
    const { problems } = build;
    return {
      id: this.#options.id,
      folder: this.folder,
      name: this.#name,
      kind: this.#kind,
      ...(this.#version !== undefined && { version: this.#version }),
      build,
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
      if (current === this.#current)
        return { ok: false, stages: [], problems: [...this.#progress.state.problems] };
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
    await Promise.all([this.#watcher.close(), this.#pages.close()]);
    await Promise.allSettled(this.#running);
    // A run that had begun meanwhile may have started one more.
    await this.#pages.close();
    await this.#memory.dispose();
    this.#live.close();
    this.#progress.dispose();
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
    const { signal } = controller;
    const options = { signal, kind: this.#kind, since, packAfterMs };
    const run = this.#run(new SaveRun(this.#parts, options), signal, since);
    this.#current = run;
    this.#running.add(run);
    const over = (): void => void this.#running.delete(run);
    run.then(over, over);
    return run;
  }

  async #run(run: SaveRun, signal: AbortSignal, since: number): Promise<BuildResult> {
    this.#progress.begin();
    try {
      signal.throwIfAborted();
      const registryId = await this.#readIdentity();
      const result = await run.loadAndPack(registryId);
      if (run.unserved) this.#rebuild(performance.now());
      return result;
    } catch (error) {
      const { stages } = this.#progress.state;
      if (signal.aborted) {
        const { problems } = run;
        // A newer run has the say by now, unless this one was stopped for its own sake.
        if (this.#isCurrent(signal)) this.#progress.finish('cancelled', { stages, problems }, since);
        throw new WorkbenchError('build.cancelled', { cause: error });
      }
      const { code, message, next } = toErrorValue(error);
      const problems: Problem[] = [{ code, severity: 'error', message, help: next }];
      this.#progress.finish('failed', { stages, problems }, since);
      return { ok: false, stages, problems };
    } finally {
      if (this.#isCurrent(signal)) this.#loaded();
    }
  }

  #isCurrent(signal: AbortSignal): boolean {
    return signal === this.#controller?.signal;
  }

  get #parts(): RunParts {
    const { folder, registry, runner, build } = this.#options;
    return {
      folder,
      registry,
      runner,
      build,
      progress: this.#progress,
      pages: this.#pages,
      live: this.#live,
      memory: this.#memory,
      onAnswers: registryId => {
        this.#registryId = registryId;
      },
      onLoaded: () => this.#loaded(),
    };
  }

  /** From here on, calls are answered by what there is. */
  #loaded(): void {
    this.#onLoaded?.();
    this.#onLoaded = undefined;
  }

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
      this.#progress.answersFrom(installed.contentHash, 'release', performance.now());
    }
    return installed?.registryId;
  }
}
