import path from 'node:path';
import type { BuildResult, BuildStage, StageName } from '../../contract/index.ts';
import { buildProject, type BuildOptions } from '../build/index.ts';
import type { Registry, ResolvedInstall } from '../registry/index.ts';
import type { Runner } from '../runner/index.ts';

/** What a build needs of the rest of the workbench. */
export interface InstallTarget {
  readonly registry: Registry;
  readonly runner: Runner;
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
    onStage(event) {
      options.onStage?.(event);
      if (event.stage !== 'pack' || event.state !== 'start') return;
      compiling ??= runner.warm(path.join(folder, 'dist', 'main.wasm'));
      // Awaited below when there is a component; until then a failure must not count as unhandled.
      compiling.catch(() => undefined);
    },
  });
  if (!built.ok || !built.bundle) return { result: built };
  if (built.component && compiling) await run('compile', compiling);
  const install = await run('install', registry.installBundle(built.bundle.path));
  return { result: { ...built, stages: [...built.stages, ...stages] }, install };
}
