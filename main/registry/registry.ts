import { extractBundle, type BundleWork } from '../bundle/index.ts';
import type { Store } from '../store/index.ts';
import { openInstallSettings } from './install-settings.ts';
import { openInstalls } from './installs.ts';
import { takeIn } from './intake.ts';
import { openLocalTenant } from './local-tenant.ts';
import { pruneBundles } from './prune.ts';
import { openSettings } from './settings.ts';
import type { Registry, ResolvedInstall, SecretBox } from './types.ts';

/**
 * The registry of a data folder (spec section 8) over an open store, which stays the caller's. Bundles are extracted
 * below `dataDir`; the local tenant and its users are made the first time and keep their ids.
 */
export function createRegistry(o: {
  store: Store;
  dataDir: string;
  secretBox: SecretBox;
  /** Takes bundles in; here and now unless it is given. */
  bundles?: Pick<BundleWork, 'extract'>;
}): Registry {
  const { store, dataDir, secretBox } = o;
  const extract = o.bundles?.extract ?? extractBundle;
  const settings = openSettings(store);
  const local = openLocalTenant(store, settings);
  const { tenantId } = local.tenant;
  const installs = openInstalls({ store, tenantId, dataDir });
  const changing = openInstallSettings({ store, installs, secretBox });
  const listeners = new Set<() => void>();
  let lastInstall: Promise<unknown> = Promise.resolve();

  /** The same function, telling listeners when it succeeded. */
  function announced<A extends unknown[]>(change: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      change(...args);
      for (const listener of [...listeners]) listener();
    };
  }
  const announce = announced(() => undefined);

  async function install(bundleFile: string): Promise<ResolvedInstall> {
    const registryId = await takeIn({ store, tenantId, dataDir, extract }, bundleFile);
    announce();
    const installed = installs.require(registryId);
    await pruneBundles({ store, dataDir }, registryId);
    return installed;
  }

  return {
    installBundle(bundleFile) {
      const installing = lastInstall.then(() => install(bundleFile));
      lastInstall = installing.catch(() => undefined);
      return installing;
    },
    resolve: idOrSlug => installs.resolve(idOrSlug),
    installs: () => installs.list(),
    bundle: (registryId, contentHash) => installs.bundle(registryId, contentHash),
    uninstall: announced(registryId => changing.uninstall(registryId)),
    expectLive: registryId => installs.expectLive(registryId),
    whenLive: idOrSlug => installs.whenLive(idOrSlug),
    setLive: announced((registryId, build) => installs.setLive(registryId, build)),
    setEnabled: announced((registryId, enabled) => changing.setEnabled(registryId, enabled)),
    setConfig: announced((registryId, config) => changing.setConfig(registryId, config)),
    mergeSecrets: announced((registryId, secrets) => changing.mergeSecrets(registryId, secrets)),
    clearSecrets: announced(registryId => changing.clearSecrets(registryId)),
    secrets: installId => changing.secrets(installId),
    tenant: () => local.tenant,
    users: () => local.users(),
    currentUser: () => local.currentUser(),
    setCurrentUser: announced(userId => local.setCurrentUser(userId)),
    setting: key => settings.get(key),
    setSetting: (key, value) => settings.set(key, value),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
