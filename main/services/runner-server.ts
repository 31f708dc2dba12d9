import path from 'node:path';
import type { Posture } from '../../contract/index.ts';
import { DebugFeed, type DebugEvent } from '../hosting/index.ts';
import {
  BundleCache,
  createRunnerServer,
  openBundleStore,
  readEnvironment,
  RemoteRegistry,
} from '../runner-server/index.ts';
import { openCore } from './core.ts';
import type { Resources } from './resources.ts';

export interface RunnerServiceOptions {
  readonly dataDir: string;
  readonly resources: Resources;
  /** Instead of `PORT`; 0 takes a free one. */
  readonly port?: number;
  /** Folder or URL, instead of `BUNDLE_STORE_BASE`. */
  readonly bundleStore?: string;
  /** `faithful` when absent. */
  readonly posture?: Posture;
  readonly env?: NodeJS.ProcessEnv;
  /** Hears the debug events of every call. */
  readonly onDebug?: (event: DebugEvent) => void;
}

/** The runner alone: the platform's runner protocol without gateway, projects or window. */
export interface RunnerService {
  readonly url: string;
  /** Variables that are set but mean nothing here. */
  readonly withoutEffect: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts the runner's HTTP port over a data folder (spec 4.1, 4.10): storage lives in the folder's database, unpacked
 * bundles in `EXT_CACHE_ROOT` or the folder's cache.
 *
 * @throws `cli.usage` for an environment that makes no sense, `gateway.port-in-use`, `gateway.cannot-listen`, and what
 *   opening the data folder throws
 */
export async function openRunnerService(options: RunnerServiceOptions): Promise<RunnerService> {
  const environment = readEnvironment(options.env ?? process.env);
  const base = options.bundleStore ?? environment.bundleStoreBase;
  const store = base === undefined ? undefined : openBundleStore(base, environment.storeCredentials);
  const core = await openCore(options.dataDir, options.resources);
  const root = path.resolve(environment.cacheRoot ?? path.join(options.dataDir, 'cache', 'runner'));
  const { cacheMaxBytes, egress, debugMessageBytes, ui, vault } = environment;
  const { posture = 'faithful' } = options;
  try {
    const server = await createRunnerServer({
      runner: core.runner,
      capabilities: core.capabilities,
      bundles: new BundleCache(root, store),
      registry: new RemoteRegistry(environment.registryBase, environment.registryKey),
      port: options.port ?? environment.port,
      egress,
      ui,
      debugMessageBytes,
      posture: () => posture,
      debug: new DebugFeed(options.onDebug),
      ...(vault && { vault }),
      ...(cacheMaxBytes !== undefined && { cacheMaxBytes }),
    });
    return {
      url: server.url,
      withoutEffect: environment.withoutEffect,
      async close() {
        await server.close();
        await core.close();
      },
    };
  } catch (error) {
    await core.close();
    throw error;
  }
}
