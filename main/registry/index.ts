export { createRegistry } from './registry.ts';
export { liveSecretValues } from './secret-values.ts';
export type { InstallRecord, Registry, ResolvedInstall, SecretBox } from './types.ts';
