import { realpath } from 'node:fs/promises';
import path from 'node:path';
import {
  STAGE_NAMES,
  WorkbenchError,
  type BuildKind,
  type BuildStage,
  type Manifest,
  type Problem,
} from '../../contract/index.ts';
import { needsComponent, parseManifest } from '../manifest/index.ts';
import { readProject } from '../project/index.ts';
import { holdArtifact } from './artifacts.ts';
import {
  createRun,
  StageClock,
  StageFailure,
  throwIfCancelled,
  type BuildRun,
  type Log,
  type Made,
} from './build-run.ts';
import { check, hasErrors } from './check.ts';
import { installDependencies } from './dependencies.ts';
import type { ComponentSource } from './component-source.ts';
import type { EngineTemplates, LoadedHandler } from './engine-template/templates.ts';
import { hashParts, isFolder } from './files.ts';
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
  /** Stands for the pages where a server of the project's own answers for them: then they are not made. */
  readonly served?: string;
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
  /** What stands for `ui/` of the bundle; its folder is in the cache, and stays there while it is held. */
  readonly ui?: { readonly dir: string; readonly hold: () => () => void };
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
  let loaded: Loaded | undefined;
  try {
    const project = await readProject(folder);
    const { manifest } = parseManifest(project.manifestText ?? '');
    const checking = async (): Promise<undefined> => {
      problems.push(...(await clock.run('check', () => fresh(check(project)))).problems);
    };
    if (manifest)
      loaded = await loadRead({
        run: createRun(project, manifest, options, signal),
        clock,
        options,
        problems,
        checking,
      });
    else await checking();
  } catch (error) {
    if (error instanceof WorkbenchError || signal.aborted) throw error;
    if (error instanceof StageFailure) problems.push(...error.problems);
    // No engine template can be had: the official tool may do without one.
    else
      loaded = { why: `The fast way is closed: ${error instanceof Error ? error.message : String(error)}` };
  }
  const stages = clock.stages.toSorted((a, b) => order(a) - order(b));
  return { stages, problems, ...(!hasErrors(problems) && loaded) };
}

function order({ name }: BuildStage): number {
  return STAGE_NAMES.indexOf(name);
}

type Loaded = Pick<LoadResult, 'project' | 'why'>;

/** What the steps of one load share. */
interface Load {
  readonly run: BuildRun;
  readonly clock: StageClock;
  readonly options: LoadOptions;
  readonly problems: Problem[];
  readonly checking: () => Promise<undefined>;
}

async function loadRead(load: Load): Promise<Loaded> {
  const { run, clock, options, checking } = load;
  const { project, manifest } = run;
  if (project.packageJson) await clock.run('dependencies', log => installDependencies(run, log));
  if (project.shape.buildScript !== undefined) {
    await checking();
    return { why: 'It has a build script of its own, which is run for each change.' };
  }
  const bundling = needsComponent(manifest) ? bundled(load) : Promise.resolve(undefined);
  // The rest has nothing to do with each other. It begins when the bundler is done, which takes the whole machine;
  // what the check finds counts, whatever was loaded meanwhile.
  await Promise.allSettled([bundling]);
  const [handler, ui] = await allSettledOrThrow([
    bundling.then(made => made && ready(load, made)),
    project.uiEntry === undefined || options.served !== undefined
      ? undefined
      : readyUi(load, project.uiEntry),
    checking(),
  ]);
  const pages = ui?.key ?? options.served ?? '';
  const parts = [project.manifestText ?? '', handler?.source.id ?? '', pages];
  return {
    project: {
      manifest,
      hash: `sha256:${hashParts([FORMAT, ...parts])}`,
      kind: options.kind,
      ...(handler && { handler }),
      ...(ui && { ui: { dir: ui.dir, hold: () => holdArtifact(path.dirname(ui.dir)) } }),
    },
  };
}

async function bundled({ run, clock, options, problems }: Load): Promise<ComponentSource> {
  const entry = run.project.handlerEntry;
  if (entry === undefined) throw new StageFailure([NO_HANDLER]);
  const world = await readWorld(run.folder, run.toolchain);
  const handler = await clock.run('handler', () => knownOrBundled(run, entry, world, options.memory));
  problems.push(...handler.warnings);
  return { entry, handler, world };
}

async function ready({ run, clock, options }: Load, made: ComponentSource): Promise<ReadyHandler> {
  const { templates, kind } = options;
  const loaded = await clock.run('component', log => fresh(loadHandler(run, templates, made, kind, log)));
  return { ...loaded, view: openSourceView(made.handler.map) };
}

async function readyUi({ run, clock, options, problems }: Load, entry: string): Promise<BuiltUi> {
  const ui = await clock.run('ui', log => knownOrMade(run, entry, options.memory, log));
  problems.push(...ui.warnings);
  return ui;
}

async function fresh<T>(value: Promise<T>): Promise<Made<T>> {
  return { value: await value, cached: false };
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

async function knownOrMade(
  run: BuildRun,
  entry: string,
  memory: LoadMemory | undefined,
  log: Log,
): Promise<Made<BuiltUi>> {
  // The folder may have made room for others' since.
  const known = memory?.ui?.entry === entry ? memory.ui.value : undefined;
  if (known && (await isFolder(known.dir))) return { value: known, cached: true };
  const made = await makeUi(run, entry, log, memory?.liveUi);
  const { inputs } = made.value;
  if (memory && inputs && !run.signal.aborted) memory.ui = { entry, inputs, value: made.value };
  return made;
}

/** All results, or the failure of the first that failed once none is under way any more. */
async function allSettledOrThrow<T extends readonly unknown[]>(
  all: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(all);
  return await Promise.all(all);
}
