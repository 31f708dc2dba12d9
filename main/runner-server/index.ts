export { BundleCache } from './bundle-cache.ts';
export { openBundleStore, type BundleStore } from './bundle-store.ts';
export type { DebugEvent } from './debug-events.ts';
export { readEnvironment, type RunnerEnvironment } from './environment.ts';
export { createRunnerServer, type RunnerServer, type RunnerServerOptions } from './runner-server.ts';
