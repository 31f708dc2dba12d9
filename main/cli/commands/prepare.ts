import path from 'node:path';
import type { Command } from 'commander';
import { openEngines, prepareEngines } from '../../services/index.ts';
import { progress } from '../output.ts';
import type { Context } from '../program.ts';

/** `xwb prepare`: what the set-up and the packager run so that no author waits for an engine. */
export function addPrepareCommand(program: Command, { resources }: Context): void {
  program
    .command('prepare <dir>', { hidden: true })
    .description('make the engine templates ahead, to ship them with the workbench')
    .action(async (dir: string) => {
      const engines = openEngines(path.resolve(dir), resources);
      try {
        await prepareEngines(engines, resources, new AbortController().signal, progress);
      } finally {
        await engines.templates.close();
        await engines.runner.close();
      }
    });
}
