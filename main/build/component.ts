import { WorkbenchError } from '../../contract/index.ts';
import type { BuildRun, Log, Made } from './build-run.ts';
import type { ComponentSource } from './component-source.ts';
import { StageFailure } from './build-run.ts';
import { isDiskFull } from './disk-full.ts';
import { makeByTemplate } from './template-component.ts';
import { makeOfficially } from './official-component.ts';

/**
 * Makes the bundled handler a component for the world `runner`, all engine features left out as official builds do
 * (spec/alga-platform.md 3.1, 3.6, 11.2 rule 8): by an engine template where there can be one, else with the official
 * tool; the log says which, and why the slow way was taken. Both give the same but for memory and metadata.
 *
 * @returns path of the component, in the cache
 * @throws StageFailure with the reason at its place in the author's source; `build.cancelled`
 */
export async function makeComponent(run: BuildRun, source: ComponentSource, log: Log): Promise<Made<string>> {
  const { templates } = run;
  let why = 'no engine templates are set up';
  if (templates) {
    try {
      return await makeByTemplate(run, templates, source, log);
    } catch (error) {
      if (error instanceof StageFailure || error instanceof WorkbenchError || run.signal.aborted) throw error;
      if (isDiskFull(error)) throw error;
      why = error instanceof Error ? error.message : String(error);
    }
  }
  log(`The official tool makes this component, which takes some seconds: ${why}`);
  return await makeOfficially(run, source, log);
}
