import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError, type BuildResult, type Problem } from '../../contract/index.ts';
import { needsComponent } from '../manifest/index.ts';
import { createRun, StageClock, StageFailure, throwIfCancelled, type BuildRun } from './build-run.ts';
import { hasErrors, readAndCheck } from './check.ts';
import { makeComponent } from './component.ts';
import { installDependencies } from './dependencies.ts';
import { exclusively } from './exclusive.ts';
import { placeFile, placeFolder, removeLeftovers } from './files.ts';
import { findOrBundleHandler, NO_HANDLER } from './handler.ts';
import type { BuildOptions } from './options.ts';
import { runOwnScript } from './own-script.ts';
import { packProject } from './pack.ts';
import { makeUi } from './ui.ts';
import { readWorld } from './world.ts';

/**
 * Builds a project from source to bundle: check, dependencies, then its own build script or our handler, component and
 * UI stages, then pack (spec/alga-platform.md 11.2, with 1.2 and 1.3 for the bundle). A stage whose inputs have not
 * changed takes its earlier result. Outputs (`dist/main.wasm`, `dist/ui`, the bundle) appear whole or not at all.
 *
 * Builds of one folder run one after the other; what a build packs is what that same build made.
 *
 * @returns the stages that ran with their times, the component and the bundle when there are any, and every problem;
 *   `ok` is false, and there is no bundle, when one of them is an error
 * @throws WorkbenchError `build.cancelled` on abort; `project.*` when the folder is no project; `bundle.*` when the
 *   bundle cannot be written
 */
export async function buildProject(folder: string, options: BuildOptions): Promise<BuildResult> {
  const signal = options.signal ?? new AbortController().signal;
  throwIfCancelled(signal);
  const real = await realpath(path.resolve(folder)).catch(() => path.resolve(folder));
  return await exclusively(real, signal, async () => {
    try {
      return await build(real, options, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new WorkbenchError('build.cancelled', { cause: error });
    }
  });
}

/** What a build has to show, successful or not. */
interface Outcome {
  readonly problems: Problem[];
  component?: NonNullable<BuildResult['component']>;
  bundle?: NonNullable<BuildResult['bundle']>;
}

async function build(folder: string, options: BuildOptions, signal: AbortSignal): Promise<BuildResult> {
  const clock = new StageClock(signal, options.onStage);
  const outcome: Outcome = { problems: [] };
  try {
    const checked = await clock.run('check', async () => ({
      value: await readAndCheck(folder),
      cached: false,
    }));
    outcome.problems.push(...checked.problems);
    if (checked.manifest && !hasErrors(checked.problems)) {
      const run = createRun(checked.project, checked.manifest, options, signal);
      await buildChecked(run, clock, outcome);
    }
  } catch (error) {
    if (!(error instanceof StageFailure) || signal.aborted) throw error;
    outcome.problems.push(...error.problems);
  }
  const { problems, component, bundle } = outcome;
  const ok = bundle !== undefined && !hasErrors(problems);
  return { ok, stages: clock.stages, problems, ...(component && { component }), ...(bundle && { bundle }) };
}

async function buildChecked(run: BuildRun, clock: StageClock, outcome: Outcome): Promise<void> {
  await removeLeftovers(path.join(run.folder, 'dist'), ['.main.wasm.', '.ui.']);
  if (run.project.packageJson) await clock.run('dependencies', log => installDependencies(run, log));
  const built =
    run.project.shape.buildScript === undefined
      ? await buildParts(run, clock, outcome)
      : await clock.run<Parts>('script', log => runOwnScript(run, log));
  if (built.component !== undefined) {
    const file = path.join(run.folder, 'dist', 'main.wasm');
    outcome.component = { path: file, bytes: (await stat(file)).size };
  }
  outcome.bundle = await clock.run('pack', () => packProject(run, built));
}

/** Paths of what was made, in the cache: another build cannot change it before it is packed. */
interface Parts {
  readonly component?: string;
  readonly uiDir?: string;
}

async function buildParts(run: BuildRun, clock: StageClock, outcome: Outcome): Promise<Parts> {
  const parts: Parts = needsComponent(run.manifest) ? await buildComponent(run, clock, outcome) : {};
  const entry = run.project.uiEntry;
  if (entry === undefined) return parts;
  const ui = await clock.run('ui', async log => {
    const made = await makeUi(run, entry, log);
    await placeFolder(made.value.dir, path.join(run.folder, 'dist', 'ui'));
    return made;
  });
  outcome.problems.push(...ui.warnings);
  return { ...parts, uiDir: ui.dir };
}

async function buildComponent(run: BuildRun, clock: StageClock, outcome: Outcome): Promise<Parts> {
  const entry = run.project.handlerEntry;
  if (entry === undefined) throw new StageFailure([NO_HANDLER]);
  const world = await readWorld(run.folder, run.toolchain);
  const handler = await clock.run('handler', () => findOrBundleHandler(run, entry, world));
  outcome.problems.push(...handler.warnings);
  const component = await clock.run('component', async log => {
    const made = await makeComponent(run, { entry, handler, world }, log);
    await placeFile(made.value, path.join(run.folder, 'dist', 'main.wasm'));
    return made;
  });
  return { component };
}
