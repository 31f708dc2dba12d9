export { createRegistry } from './registry.ts';
export { liveSecretValues } from './secret-values.ts';
export type { InstallRecord, LiveBuild, Registry, ResolvedInstall, SecretBox } from './types.ts';
