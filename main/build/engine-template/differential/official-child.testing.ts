/**
 * Builds many sources with the official tool in one process. The step that joins engine and interfaces takes most of
 * its time and does not look at the source: its result is kept for the following builds.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makeToolImportable } from '../../tool-hooks.ts';
import { Feature } from '../protocol.ts';

const OfficialJobs = z.object({
  wit: z.string(),
  world: z.string(),
  disabledFeatures: z.array(Feature),
  jobs: z.array(z.object({ source: z.string(), output: z.string() })),
});

makeToolImportable();
process.once('message', message => {
  void run(OfficialJobs.parse(message)).then(
    refused => process.send?.({ refused }, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(1));

interface Refusal {
  readonly source: string;
  readonly message: string;
}

async function run({
  wit,
  world,
  disabledFeatures,
  jobs,
}: z.infer<typeof OfficialJobs>): Promise<readonly Refusal[]> {
  const tool = await import('@bytecodealliance/componentize-js');
  await keepSplicing();
  const refused: Refusal[] = [];
  for (const { source, output } of jobs) {
    // The tool names sources relative to here, and the name shows in stacks.
    process.chdir(path.dirname(source));
    const options = {
      sourcePath: source,
      witWorld: wit,
      worldName: world,
      disableFeatures: disabledFeatures,
    };
    try {
      const { component } = await tool.componentize(options);
      await writeFile(output, component);
    } catch (error) {
      refused.push({ source, message: String(error) });
    }
  }
  return refused;
}

interface Splicer {
  spliceBindings: (...args: unknown[]) => unknown;
}

async function keepSplicing(): Promise<void> {
  const entry = import.meta.resolve('@bytecodealliance/componentize-js');
  const file = new URL('../lib/spidermonkey-embedding-splicer.js', entry).href;
  const { splicer } = (await import(file)) as { splicer: Splicer };
  const original = splicer.spliceBindings;
  let kept: unknown;
  splicer.spliceBindings = (...args) => (kept ??= original(...args));
}
