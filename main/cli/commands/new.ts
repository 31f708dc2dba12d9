import path from 'node:path';
import type { Command } from 'commander';
import { createFromTemplate, listTemplates } from '../../services/index.ts';
import { answer } from '../output.ts';
import type { Context } from '../program.ts';

/** `xwb new --list` and `xwb new <id> <dir>`. */
export function addNewCommand(program: Command, { resources }: Context): void {
  const command = program
    .command('new [template] [dir]')
    .description('make a new extension from a template')
    .option('--list', 'list the templates')
    .option('--data-dir <dir>', 'accepted by every command; a new folder needs no data')
    .option('--json', 'print one JSON document')
    .action(
      async (
        templateId: string | undefined,
        dir: string | undefined,
        options: { list?: true; json?: true },
      ) => {
        if (options.list) {
          const templates = await listTemplates(resources.templatesDir);
          answer(Boolean(options.json), { templates }, () =>
            templates
              .map(
                ({ id, title, description }) => `${id.padEnd(14)} ${title}\n${' '.repeat(15)}${description}`,
              )
              .join('\n'),
          );
          return;
        }
        if (templateId === undefined || dir === undefined) {
          return command.error('Give a template and a folder, or --list.');
        }
        const folder = path.resolve(dir);
        await createFromTemplate({ templatesDir: resources.templatesDir, templateId, folder });
        answer(Boolean(options.json), { template: templateId, folder }, () => `Made ${folder}`);
      },
    );
}
