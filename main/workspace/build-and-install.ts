import { WorkbenchError, type BuildResult, type BuildStage, type StageName } from '../../contract/index.ts';
import { buildProject, type BuildOptions } from '../build/index.ts';
import type { Registry, ResolvedInstall } from '../registry/index.ts';
import type { Runner } from '../runner/index.ts';

/** What a build needs of the rest of the workbench. */
export interface InstallTarget {
  readonly registry: Registry;
  /** Compiles the component before it is installed, so that the first call is as fast as the next. */
  readonly runner?: Runner;
}

/**
 * Builds a folder and installs the bundle for the local tenant, as the stages `compile`, where there is a runner, and
 * `install`. A build that fails is a value with `ok: false`; what was installed before stays. Throws as `buildProject`
 * and `installBundle` do; `build.cancelled` also before the bundle is installed.
 */
export async function buildAndInstall(
  folder: string,
  { registry, runner }: InstallTarget,
  options: BuildOptions,
): Promise<{ result: BuildResult; install?: ResolvedInstall }> {
  const stages: BuildStage[] = [];
  const run = async <T>(name: StageName, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    options.onStage?.({ stage: name, state: 'start' });
    const value = await work();
    const ms = performance.now() - started;
    stages.push({ name, ms, cached: false });
    options.onStage?.({ stage: name, state: 'end', ms, cached: false });
    return value;
  };
  const built = await buildProject(folder, options);
  const { bundle, component } = built;
  if (!built.ok || !bundle) return { result: built };
  if (runner && component) await run('compile', () => runner.warm(component.path));
  // A newer build may be on its way, and must not be followed by this one.
  if (options.signal?.aborted) throw new WorkbenchError('build.cancelled', { cause: options.signal.reason });
  const install = await run('install', () => registry.installBundle(bundle.path));
  return { result: { ...built, stages: [...built.stages, ...stages] }, install };
}
