import type { BuildResult, BuildStage, StageName } from '../../contract/index.ts';
import { buildProject, type BuildOptions, type BuiltComponent } from '../build/index.ts';
import type { Registry, ResolvedInstall } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';

/** What a build needs of the rest of the workbench. */
export interface InstallTarget {
  readonly registry: Registry;
  readonly runner: DevelopmentRunner;
}

/**
 * Builds a folder and installs the bundle for the local tenant, as the stages `compile` and `install`.
 * The component is compiled beside packing and before installing: the first call of a new version is as fast as
 * the next. A build that fails is a value with `ok: false`; what was installed before stays.
 */
export async function buildAndInstall(
  folder: string,
  { registry, runner }: InstallTarget,
  options: BuildOptions,
): Promise<{ result: BuildResult; install?: ResolvedInstall }> {
  const stages: BuildStage[] = [];
  const run = async <T>(name: StageName, work: Promise<T>): Promise<T> => {
    const started = performance.now();
    options.onStage?.({ stage: name, state: 'start' });
    const value = await work;
    const ms = performance.now() - started;
    stages.push({ name, ms, cached: false });
    options.onStage?.({ stage: name, state: 'end', ms, cached: false });
    return value;
  };

  let compiling: Promise<void> | undefined;
  const built = await buildProject(folder, {
    ...options,
    onComponent(component) {
      compiling = makeReady(component, runner, options);
      // Awaited below; until then a failure must not count as unhandled.
      compiling.catch(() => undefined);
    },
  });
  if (!built.ok || !built.bundle) return { result: built };
  if (compiling) await run('compile', compiling);
  const install = await run('install', registry.installBundle(built.bundle.path));
  return { result: { ...built, stages: [...built.stages, ...stages] }, install };
}

/** A source that was loaded for development runs as it is; any other component is compiled. */
async function makeReady(
  component: BuiltComponent,
  runner: DevelopmentRunner,
  options: BuildOptions,
): Promise<void> {
  const { path, sourceId } = component;
  const loaded = sourceId === undefined ? undefined : options.templates?.loaded(sourceId);
  await (loaded ? runner.adopt(path, loaded) : runner.warm(path));
}
