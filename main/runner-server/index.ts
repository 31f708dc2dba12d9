export { BundleCache } from './bundle-cache.ts';
export { openBundleStore, type BundleStore } from './bundle-store.ts';
export { hexOf, type BundleName, type Bundles, type UnpackedBundle } from './bundles.ts';
export { readEnvironment, type RunnerEnvironment } from './environment.ts';
export { RemoteRegistry, type HostLookup, type InstallRegistry } from './install-registry.ts';
export { createRunnerServer, type RunnerServer, type RunnerServerOptions } from './runner-server.ts';
