import { realpath } from 'node:fs/promises';
import path from 'node:path';
import {
  WorkbenchError,
  type BuildKind,
  type BuildStage,
  type Manifest,
  type Problem,
} from '../../contract/index.ts';
import { needsComponent } from '../manifest/index.ts';
import {
  createRun,
  StageClock,
  StageFailure,
  throwIfCancelled,
  type BuildRun,
  type Log,
  type Made,
} from './build-run.ts';
import { hasErrors, readAndCheck } from './check.ts';
import { installDependencies } from './dependencies.ts';
import type { EngineTemplates, LoadedHandler } from './engine-template/templates.ts';
import { hashParts } from './files.ts';
import { bundleHandler, NO_HANDLER, type BundledHandler } from './handler.ts';
import type { LoadMemory } from './load-memory.ts';
import type { BuildOptions } from './options.ts';
import { openSourceView, type SourceView } from './source-view.ts';
import { loadHandler } from './template-component.ts';
import { makeUi } from './ui.ts';
import type { BuiltUi } from './ui-esbuild.ts';
import { readWorld, type World } from './world.ts';

/** What a load needs beyond a build's options. */
export type LoadOptions = Omit<BuildOptions, 'outFile' | 'offline'> & {
  readonly templates: EngineTemplates;
  readonly kind: BuildKind;
  /** What the last load of this project left; without it each load looks at every file. */
  readonly memory?: LoadMemory;
};

/** A handler that is ready to answer; the templates own what was loaded. */
export interface ReadyHandler extends LoadedHandler {
  readonly view: SourceView;
}

/** A project that is ready to answer, nothing of it packed. */
export interface LoadedProject {
  readonly manifest: Manifest;
  /** `sha256:` and 64 hex digits over everything that it answers with. */
  readonly hash: string;
  readonly kind: BuildKind;
  readonly handler?: ReadyHandler;
  /** Folder in the cache that stands for `ui/` of the bundle. */
  readonly uiDir?: string;
}

/** How a load went. */
export interface LoadResult {
  readonly stages: readonly BuildStage[];
  readonly problems: readonly Problem[];
  /** Present when no problem is an error and the project can be loaded. */
  readonly project?: LoadedProject;
  /** Why a project without problems must be built instead. */
  readonly why?: string;
}

const FORMAT = 'load-1';

/**
 * The inner loop: checks a project, bundles and loads its handler and makes its UI, ready to answer, without writing
 * or packing anything: some 30 ms after an edit. A failing load is a value.
 *
 * @throws WorkbenchError `build.cancelled` on abort; `project.*` when the folder is no project
 */
export async function loadProject(folder: string, options: LoadOptions): Promise<LoadResult> {
  const signal = options.signal ?? new AbortController().signal;
  throwIfCancelled(signal);
  const real = await realpath(path.resolve(folder)).catch(() => path.resolve(folder));
  try {
    return await load(real, options, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new WorkbenchError('build.cancelled', { cause: error });
  }
}

async function load(folder: string, options: LoadOptions, signal: AbortSignal): Promise<LoadResult> {
  const clock = new StageClock(signal, options.onStage);
  const problems: Problem[] = [];
  let loaded: Pick<LoadResult, 'project' | 'why'> = {};
  try {
    const checked = await clock.run('check', async () => ({
      value: await readAndCheck(folder),
      cached: false,
    }));
    problems.push(...checked.problems);
    if (checked.manifest && !hasErrors(checked.problems)) {
      const run = createRun(checked.project, checked.manifest, options, signal);
      if (run.project.packageJson) await clock.run('dependencies', log => installDependencies(run, log));
      loaded = await loadChecked(run, clock, options, problems);
    }
  } catch (error) {
    if (error instanceof WorkbenchError || signal.aborted) throw error;
    if (error instanceof StageFailure) problems.push(...error.problems);
    // No engine template can be had: the official tool may do without one.
    else
      loaded = { why: `The fast way is closed: ${error instanceof Error ? error.message : String(error)}` };
  }
  return { stages: clock.stages, problems, ...(!hasErrors(problems) && loaded) };
}

async function loadChecked(
  run: BuildRun,
  clock: StageClock,
  options: LoadOptions,
  problems: Problem[],
): Promise<Pick<LoadResult, 'project' | 'why'>> {
  const { project, manifest } = run;
  if (project.shape.buildScript !== undefined)
    return { why: 'It has a build script of its own, which is run for each change.' };
  // The two have nothing to do with each other, and each waits for the bundler most of its time.
  const [handler, ui] = await allSettledOrThrow([
    needsComponent(manifest) ? readyHandler(run, clock, options, problems) : undefined,
    project.uiEntry === undefined
      ? undefined
      : readyUi(run, clock, project.uiEntry, options.memory, problems),
  ]);
  const parts = [project.manifestText ?? '', handler?.source.id ?? '', ui?.key ?? ''];
  return {
    project: {
      manifest,
      hash: `sha256:${hashParts([FORMAT, ...parts])}`,
      kind: options.kind,
      ...(handler && { handler }),
      ...(ui && { uiDir: ui.dir }),
    },
  };
}

async function readyHandler(
  run: BuildRun,
  clock: StageClock,
  { templates, kind, memory }: LoadOptions,
  problems: Problem[],
): Promise<ReadyHandler> {
  const entry = run.project.handlerEntry;
  if (entry === undefined) throw new StageFailure([NO_HANDLER]);
  const world = await readWorld(run.folder, run.toolchain);
  const handler = await clock.run('handler', () => knownOrBundled(run, entry, world, memory));
  problems.push(...handler.warnings);
  const made = { entry, handler, world };
  const loaded = await clock.run('component', async log => ({
    value: await loadHandler(run, templates, made, kind, log),
    cached: false,
  }));
  return { ...loaded, view: openSourceView(handler.map) };
}

async function knownOrBundled(
  run: BuildRun,
  entry: string,
  world: World,
  memory: LoadMemory | undefined,
): Promise<Made<BundledHandler>> {
  if (memory?.handler?.entry === entry) return { value: memory.handler.value, cached: true };
  const { inputs, ...value } = await bundleHandler(run, entry, world);
  // What changed in the meantime has aborted this load.
  if (memory && !run.signal.aborted) memory.handler = { entry, inputs, value };
  return { value, cached: false };
}

async function readyUi(
  run: BuildRun,
  clock: StageClock,
  entry: string,
  memory: LoadMemory | undefined,
  problems: Problem[],
): Promise<BuiltUi> {
  const ui = await clock.run('ui', log => knownOrMade(run, entry, memory, log));
  problems.push(...ui.warnings);
  return ui;
}

async function knownOrMade(
  run: BuildRun,
  entry: string,
  memory: LoadMemory | undefined,
  log: Log,
): Promise<Made<BuiltUi>> {
  if (memory?.ui?.entry === entry) return { value: memory.ui.value, cached: true };
  const made = await makeUi(run, entry, log);
  const { inputs } = made.value;
  if (memory && inputs && !run.signal.aborted) memory.ui = { entry, inputs, value: made.value };
  return made;
}

/** Both results, or the failure of the first that failed once neither is under way any more. */
async function allSettledOrThrow<A, B>(both: readonly [A, B]): Promise<[Awaited<A>, Awaited<B>]> {
  await Promise.allSettled(both);
  return await Promise.all(both);
}
