import type { Problem } from '../../contract/index.ts';
import type { BuildRun } from './build-run.ts';
import type { FailedComponent } from './component-problems.ts';
import type { BundledHandler } from './handler.ts';
import type { World } from './world.ts';

/** What a component is made of. */
export interface ComponentSource {
  /** The author's file that exports the handler, relative to the project. */
  readonly entry: string;
  readonly handler: BundledHandler;
  readonly world: World;
}

/** What is known of a source that did not become a component, for the report. */
export function failedComponent(
  { folder }: Pick<BuildRun, 'folder'>,
  { entry, handler, world }: ComponentSource,
  message: string,
  guarded: string | undefined,
): FailedComponent {
  return {
    folder,
    entry,
    map: handler.map,
    message,
    ...(world.ownFile !== undefined && { witFile: world.ownFile }),
    ...(guarded !== undefined && { guarded }),
  };
}

/** The report on a source that was still loading at its time limit. */
export function timeoutProblem(limitMs: number): Problem {
  return {
    code: 'build.component-timeout',
    severity: 'error',
    message: `The handler's module did not finish loading within ${limitMs / 1000} seconds.`,
    help: 'Code outside functions runs at build time: look for a loop there that never ends.',
  };
}
