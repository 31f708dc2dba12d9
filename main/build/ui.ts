import type { BuildRun, Log, Made } from './build-run.ts';
import { bundleUi, type BuiltUi } from './ui-esbuild.ts';
import type { LiveUi } from './ui-live.ts';
import { buildWithVite, ownVite } from './ui-vite.ts';

/**
 * Makes the UI with the project's own Vite where it has one, else with esbuild.
 *
 * @param entry the page or script, relative to the project
 * @param live makes it for now, without keeping it for a bundle
 * @throws StageFailure with the problems at their place in the author's source; `build.cancelled`
 */
export async function makeUi(run: BuildRun, entry: string, log: Log, live?: LiveUi): Promise<Made<BuiltUi>> {
  const vite = await ownVite(run.folder);
  if (vite) return await buildWithVite(run, vite, entry, log);
  return await (live ? live.make(run, entry) : bundleUi(run, entry));
}
