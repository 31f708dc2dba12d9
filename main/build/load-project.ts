import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError, type BuildStage, type Problem } from '../../contract/index.ts';
import { needsComponent } from '../manifest/index.ts';
import { createRun, StageClock, StageFailure, throwIfCancelled, type BuildRun } from './build-run.ts';
import { hasErrors, readAndCheck } from './check.ts';
import type { TemplateKind } from './engine-template/kinds.ts';
import type { EngineTemplates } from './engine-template/templates.ts';
import { exclusively } from './exclusive.ts';
import { bundleHandler } from './handler.ts';
import type { BuildOptions } from './options.ts';
import { loadHandler } from './template-component.ts';
import { readWorld } from './world.ts';

/** What a load needs beyond a build's options. */
export type LoadOptions = Omit<BuildOptions, 'outFile' | 'offline'> & {
  readonly templates: EngineTemplates;
  readonly development: TemplateKind;
};

/** How a load went. */
export interface LoadResult {
  /** No problem is an error. */
  readonly ok: boolean;
  readonly stages: readonly BuildStage[];
  readonly problems: readonly Problem[];
  /** Finds the loaded source: `templates.loaded(sourceId)`. */
  readonly sourceId?: string;
  /** Why a project without problems has no loaded source: it must be built instead. */
  readonly why?: string;
}

/**
 * The inner loop: checks a project, bundles its handler and loads it, ready to answer, without writing or packing
 * anything. Some 40 ms after an edit. A failing load is a value.
 *
 * @throws WorkbenchError `build.cancelled` on abort; `project.*` when the folder is no project; coded errors of the addon
 *   when there can be no template
 */
export async function loadProject(folder: string, options: LoadOptions): Promise<LoadResult> {
  const signal = options.signal ?? new AbortController().signal;
  throwIfCancelled(signal);
  const real = await realpath(path.resolve(folder)).catch(() => path.resolve(folder));
  return await exclusively(real, signal, async () => {
    try {
      return await load(real, options, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new WorkbenchError('build.cancelled', { cause: error });
    }
  });
}

async function load(folder: string, options: LoadOptions, signal: AbortSignal): Promise<LoadResult> {
  const clock = new StageClock(signal, options.onStage);
  const problems: Problem[] = [];
  let loaded: Loaded = {};
  try {
    const checked = await clock.run('check', async () => ({
      value: await readAndCheck(folder),
      cached: false,
    }));
    problems.push(...checked.problems);
    if (checked.manifest && !hasErrors(checked.problems)) {
      const run = createRun(checked.project, checked.manifest, options, signal);
      loaded = await loadChecked(run, clock, options, problems);
    }
  } catch (error) {
    if (!(error instanceof StageFailure) || signal.aborted) throw error;
    problems.push(...error.problems);
  }
  return { ok: !hasErrors(problems), stages: clock.stages, problems, ...loaded };
}

type Loaded = Pick<LoadResult, 'sourceId' | 'why'>;

async function loadChecked(
  run: BuildRun,
  clock: StageClock,
  { templates, development }: LoadOptions,
  problems: Problem[],
): Promise<Loaded> {
  const { project, manifest } = run;
  const entry = project.handlerEntry;
  if (project.shape.buildScript !== undefined) return { why: 'The project has a build script of its own.' };
  if (!needsComponent(manifest) || entry === undefined) return { why: 'The project has no handler.' };
  const world = await readWorld(run.folder, run.toolchain);
  const handler = await clock.run('handler', () => bundleHandler(run, entry, world));
  problems.push(...handler.warnings);
  const source = await clock.run('component', async log => ({
    value: await loadHandler(run, templates, { entry, handler, world }, development, log),
    cached: false,
  }));
  return { sourceId: source.id };
}
