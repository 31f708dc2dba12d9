import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createCapabilities } from '../capabilities/index.ts';
import { createRegistry, type Registry } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';
import { openSecretBox } from '../secrets/index.ts';
import { openStore } from '../store/index.ts';
import type { WorkbenchState } from '../../contract/index.ts';
import type { BuildOptions, EngineTemplates } from '../build/index.ts';
import type { BundleWork } from '../bundle/index.ts';
import { openEngines, type Engines } from './engines.ts';
import type { Resources } from './resources.ts';

/** What both faces stand on, without gateway, projects or traffic. */
export interface Core {
  readonly registry: Registry;
  readonly runner: DevelopmentRunner;
  readonly capabilities: ReturnType<typeof createCapabilities>;
  readonly engines: Engines;
  readonly build: Omit<BuildOptions, 'signal' | 'onStage'> & { readonly templates: EngineTemplates };
  readonly notices: WorkbenchState['notices'];
  close(): Promise<void>;
}

/**
 * Opens the data folder: database, secrets, runner. Throws `store.unavailable` when it cannot be written.
 * What can be made again (compiled components, build results) goes to `cacheDir`, and bundles are packed and taken in
 * by `bundles`: `cache` of the data folder and this process unless they are given.
 */
export async function openCore(
  dataDir: string,
  resources: Resources,
  { cacheDir = path.join(dataDir, 'cache'), bundles }: { cacheDir?: string; bundles?: BundleWork } = {},
): Promise<Core> {
  // Storage records and sealed secrets are their owner's alone.
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const store = openStore(path.join(dataDir, 'workbench.db'));
  const { box, source } = await openSecretBox(dataDir);
  const registry = createRegistry({ store, dataDir, secretBox: box, ...(bundles && { bundles }) });
  const capabilities = createCapabilities({ store, ...platformProxy(process.env) });
  const engines = openEngines(cacheDir, resources, resources.preparedDir);
  const { runner, templates } = engines;
  return {
    registry,
    runner,
    capabilities,
    engines,
    build: {
      cacheDir: path.join(cacheDir, 'build'),
      toolchain: resources.toolchain,
      templates,
      ...(bundles && { bundles }),
    },
    notices: noticesOf(store.setAside, source),
    async close() {
      await templates.close();
      await runner.close();
      await capabilities.close();
      store.close();
    },
  };
}

/** The platform that `ui-proxy` calls, in the platform's own variables (spec/alga-platform.md 4.10); usually none. */
function platformProxy(env: NodeJS.ProcessEnv): Pick<Parameters<typeof createCapabilities>[0], 'uiProxy'> {
  const baseUrl = env['UI_PROXY_BASE_URL'];
  if (!baseUrl) return {};
  const timeoutMs = Number(env['UI_PROXY_TIMEOUT_MS']);
  return { uiProxy: { baseUrl, ...(timeoutMs > 0 && { timeoutMs }) } };
}

function noticesOf(
  setAside: { path: string; reason: string } | undefined,
  keySource: Awaited<ReturnType<typeof openSecretBox>>['source'],
): WorkbenchState['notices'] {
  const notices: WorkbenchState['notices'] = [];
  if (setAside) {
    const message = `The database was damaged (${setAside.reason}). It was set aside as ${setAside.path}, and a new one was started.`;
    notices.push({ id: 'store-set-aside', severity: 'warning', message });
  }
  if (keySource === 'file') {
    const message =
      'No keychain could be reached; extension secrets are sealed with a key file in the data folder.';
    notices.push({ id: 'secrets-key-file', severity: 'info', message });
  }
  if (keySource === 'locked') {
    const message =
      'The keychain that holds the key of the extension secrets cannot be reached; secrets are unavailable.';
    notices.push({ id: 'secrets-locked', severity: 'warning', message });
  }
  return notices;
}
