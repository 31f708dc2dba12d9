import { WorkbenchError, type Posture } from '../../contract/index.ts';
import { ALLOW_ALL } from '../capabilities/index.ts';
import { extensionHostLabel, type DebugFeed } from '../hosting/index.ts';
import {
  createRunnerServer,
  hexOf,
  type BundleName,
  type Bundles,
  type HostLookup,
  type InstallRegistry,
  type RunnerServer,
  type UnpackedBundle,
} from '../runner-server/index.ts';
import type { Registry } from '../registry/index.ts';
import type { Runner } from '../runner/index.ts';
import type { Core } from './core.ts';

/**
 * Opens the runner's port beside the gateway, over what is installed for the local tenant (spec 4.1): its bundles, its
 * installs in the place of the platform's registry, and the same runner and storage. Takes a free port.
 *
 * @throws `gateway.cannot-listen`
 */
export function openLocalRunner(
  core: Pick<Core, 'registry' | 'capabilities'> & { readonly runner: Runner },
  { debug, posture }: { debug: DebugFeed; posture: () => Posture },
): Promise<RunnerServer> {
  const { registry, runner, capabilities } = core;
  return createRunnerServer({
    runner,
    capabilities,
    bundles: new InstalledBundles(registry),
    registry: new LocalRegistry(registry),
    port: 0,
    egress: ALLOW_ALL,
    ui: { strict: true, policy: {} },
    posture,
    debug,
  });
}

/** The bundles that the registry has taken in; they are verified and unpacked already. */
class InstalledBundles implements Bundles {
  readonly hasStore = true;
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  unpacked({ tenantId, registryId, contentHash }: BundleName): Promise<UnpackedBundle> {
    const hash = `sha256:${hexOf(contentHash)}`;
    const own = tenantId === this.#registry.tenant().tenantId;
    const files = own ? this.#registry.bundle(registryId, hash) : undefined;
    if (files) return Promise.resolve(files);
    const refused = new WorkbenchError('bundle.unreadable', {
      message: 'The tenant has no such bundle of that extension.',
      details: { registryId, contentHash: hash },
    });
    return Promise.reject(refused);
  }

  writable(): Promise<boolean> {
    return Promise.resolve(true);
  }

  reachable(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

/** The local tenant's installs in the place of the platform's registry. */
class LocalRegistry implements InstallRegistry {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  lookup(host: string): Promise<HostLookup> {
    const { tenantId } = this.#registry.tenant();
    const label = host.toLowerCase().split('.', 1)[0];
    const install = this.#registry
      .installs()
      .find(({ registryId }) => extensionHostLabel(tenantId, registryId) === label);
    const { registryId, contentHash } = install ?? {};
    return Promise.resolve(
      registryId === undefined || contentHash === undefined
        ? 'unknown'
        : { tenantId, registryId, contentHash },
    );
  }

  validate({ tenantId, registryId, contentHash }: BundleName): Promise<boolean> {
    const install = this.#registry.installs().find(known => known.registryId === registryId);
    return Promise.resolve(
      tenantId === this.#registry.tenant().tenantId && install?.contentHash === contentHash.toLowerCase(),
    );
  }
}
