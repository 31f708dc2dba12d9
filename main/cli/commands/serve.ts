import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { createServices, dataFolder, type Services } from '../../services/index.ts';
import { answer, problemText, progress, showNotices } from '../output.ts';
import type { Context } from '../program.ts';
import { port, untilSignal } from '../serving.ts';

interface ServeFlags {
  readonly dataDir?: string;
  readonly port?: number;
  readonly lastOrNew?: true;
  readonly json?: true;
}

/** `xwb serve [dir…]`: the gateway and the preview without a window, until a signal. */
export function addServeCommand(program: Command, { resources }: Context): void {
  program
    .command('serve [dir...]')
    .description('serve the installed extensions and watch the given folders, until interrupted')
    .option('--data-dir <dir>', 'where all data of the workbench lives')
    .option('--port <port>', 'loopback port of the gateway (default: a free one)', port)
    .option('--last-or-new', 'open the last project, or make one from the first template')
    .option('--json', 'print one JSON document once it listens')
    .action(async (dirs: string[], flags: ServeFlags) => {
      const services = await createServices({
        dataDir: dataFolder(flags.dataDir),
        resources,
        runnerPort: true,
        ...(flags.port !== undefined && { port: flags.port }),
      });
      try {
        showNotices(services.core.notices);
        const stopped = untilSignal();
        if (flags.lastOrNew) await openLastOrNew(services);
        await openAll(services, dirs);
        answer(Boolean(flags.json), listening(services), () => listeningText(services));
        await stopped;
      } finally {
        await services.close();
      }
    });
}

/** Opens and builds each folder. What failed is shown, and watched for the fix. */
async function openAll(services: Services, dirs: readonly string[]): Promise<void> {
  const { workspace } = services;
  for (const dir of dirs) await workspace.open(path.resolve(dir));
  await Promise.all(
    workspace.views().map(async ({ id, name }) => {
      const result = await workspace.session(id).settled();
      progress(result.ok ? `${name}: built` : `${name}: the build failed\n${problemText(result.problems)}`);
    }),
  );
}

async function openLastOrNew(services: Services): Promise<void> {
  const { workspace } = services;
  await workspace.restore();
  if (workspace.views().some(({ folder }) => existsSync(folder))) return;
  const [first] = await workspace.templates();
  if (!first) return;
  const folder = path.join(services.state().defaultProjectsFolder, 'my-extension');
  // A folder of that name from an earlier time is opened, not made again.
  await workspace.open(folder).catch(() => workspace.create(first.id, folder));
}

function listening(services: Services): unknown {
  const { gateway } = services;
  const { session, installs } = services.state();
  return {
    url: gateway.url,
    runnerUrl: services.runnerUrl ?? null,
    tenant: session.tenant.tenantId,
    apiKey: gateway.apiKey,
    extensions: installs.map(({ name, registryId, previewUrl, uiUrl }) => ({
      name,
      registryId,
      previewUrl,
      uiUrl: uiUrl ?? null,
    })),
  };
}

function listeningText(services: Services): string {
  const { gateway } = services;
  const lines = services
    .state()
    .installs.map(({ name, version, previewUrl }) => `  ${name} ${version}\n    ${previewUrl}`);
  return [
    `Serving on ${gateway.url} (loopback only). Open a preview in a browser:`,
    ...lines,
    `The runner's port: ${services.runnerUrl ?? 'none'}`,
    'Stop with Ctrl-C.',
  ].join('\n');
}
