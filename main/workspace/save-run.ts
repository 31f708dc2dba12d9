import { setTimeout as delay } from 'node:timers/promises';
import type { BuildKind, BuildResult, Problem } from '../../contract/index.ts';
import {
  loadProject,
  type BuildOptions,
  type EngineTemplates,
  type LoadedProject,
  type LoadMemory,
} from '../build/index.ts';
import type { PageServer } from '../page-server/index.ts';
import type { Registry, ResolvedInstall } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';
import { buildAndInstall } from './build-and-install.ts';
import type { BuildProgress } from './build-progress.ts';
import type { LiveBuilds } from './live.ts';
import type { ProjectPages } from './pages.ts';

/** What the builds of open projects share; engine templates are what makes saves fast. */
export type SessionBuild = Omit<BuildOptions, 'signal' | 'onStage' | 'templates'> & {
  readonly templates: EngineTemplates;
};

/** A file that was read while its author was saving it is no failure: the change is heard of within this. Milliseconds. */
const FAILED_AFTER_MS = 30;

/** What the runs of one project share. */
export interface RunParts {
  readonly folder: string;
  readonly registry: Registry;
  readonly runner: DevelopmentRunner;
  readonly build: SessionBuild;
  readonly progress: BuildProgress;
  readonly pages: ProjectPages;
  readonly live: LiveBuilds;
  readonly memory: LoadMemory;
  /** The extension of that registry id is answered by this project from here on. */
  readonly onAnswers: (registryId: string) => void;
  /** Nobody needs to wait for the first load any more. */
  readonly onLoaded: () => void;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly kind: BuildKind;
  /** When the change was made, by `performance.now()`. */
  readonly since: number;
  readonly packAfterMs: number;
}

/** What a load has left for the packing to do. */
interface Loaded {
  readonly project: LoadedProject | undefined;
  /** It answers calls already: its extension was installed before. */
  readonly answers: boolean;
  readonly why: string | undefined;
}

/** One way from a change to its bundle. */
export class SaveRun {
  readonly #parts: RunParts;
  readonly #options: RunOptions;
  readonly #build: SessionBuild & BuildOptions;
  #problems: Problem[] = [];
  #unserved = false;

  constructor(parts: RunParts, options: RunOptions) {
    this.#parts = parts;
    this.#options = options;
    const { signal } = options;
    const onStage: NonNullable<BuildOptions['onStage']> = event => {
      if (!signal.aborted) parts.progress.onStage(event);
    };
    this.#build = { ...parts.build, signal, onStage };
  }

  /** What is known to be wrong with what was saved; of an older state nothing counts. */
  get problems(): Problem[] {
    return this.#problems;
  }

  /** Its page server could not be started, for there was no address for it before it was installed. */
  get unserved(): boolean {
    return this.#unserved;
  }

  /**
   * Loads what was saved, lets it answer, then packs and installs it. A failing build is a value.
   *
   * @param registryId of what is installed under the project's name, if anything is
   * @throws what building and installing throw; anything on abort
   */
  async loadAndPack(registryId: string | undefined): Promise<BuildResult> {
    const { folder, pages, progress, memory, onLoaded } = this.#parts;
    const { signal, kind, since, packAfterMs } = this.#options;
    const pageServer = await pages.serve(registryId, kind);
    const loaded = await loadProject(folder, {
      ...this.#build,
      kind,
      memory,
      ...(pageServer && { served: `vite ${pageServer.version} ${pageServer.port}` }),
    });
    const { project, why } = loaded;
    signal.throwIfAborted();
    this.#problems = pages.withProblems(loaded.problems);
    const result = { ok: project !== undefined, stages: [...loaded.stages], problems: this.#problems };
    if (!project) onLoaded();
    if (!project && why === undefined) {
      await delay(FAILED_AFTER_MS, undefined, { signal });
      progress.finish('failed', result, since);
      return result;
    }
    const answers = project !== undefined && registryId !== undefined;
    if (answers) {
      await this.#goLive(registryId, project, project.hash, pageServer);
      onLoaded();
      signal.throwIfAborted();
      progress.finish('ok', result, since, true);
      await delay(packAfterMs, undefined, { signal });
    }
    return await this.#pack({ project, answers, why });
  }

  /** The whole build: what a save answers with is in the cache by then, the bundle is new. */
  async #pack(loaded: Loaded): Promise<BuildResult> {
    const { folder, registry, runner, pages, progress } = this.#parts;
    const { signal, kind, since } = this.#options;
    // Nothing compiles what runs from memory.
    const target = { registry, ...(!loaded.project && { runner }) };
    const { result, install } = await buildAndInstall(folder, target, this.#build);
    signal.throwIfAborted();
    this.#problems = pages.withProblems(result.problems);
    if (install) await this.#installed(install, loaded);
    if (!result.ok) await delay(FAILED_AFTER_MS, undefined, { signal });
    const told = { ...result, problems: this.#problems };
    progress.finish(result.ok ? 'ok' : 'failed', told, since);
    this.#unserved =
      install !== undefined && loaded.project !== undefined && !loaded.answers && (await pages.wanted(kind));
    return told;
  }

  async #installed(
    { registryId, contentHash }: ResolvedInstall,
    { project, answers, why }: Loaded,
  ): Promise<void> {
    if (!project) {
      const { live, progress, onAnswers } = this.#parts;
      live.hide();
      onAnswers(registryId);
      const about = why === undefined ? {} : { slow: why };
      progress.answersFrom(contentHash, 'release', this.#options.since, about);
    } else if (!answers) await this.#goLive(registryId, project, contentHash);
  }

  async #goLive(
    registryId: string,
    project: LoadedProject,
    hash: string,
    pageServer?: PageServer,
  ): Promise<void> {
    const { live, progress, onAnswers } = this.#parts;
    const { signal, since } = this.#options;
    const address = pageServer && { port: pageServer.port, base: pageServer.base };
    await live.show(registryId, project, hash, { pageServer: address, signal });
    onAnswers(registryId);
    const about = pageServer && { pagesFrom: `Vite ${pageServer.version}` };
    progress.answersFrom(hash, project.kind, since, about);
  }
}
