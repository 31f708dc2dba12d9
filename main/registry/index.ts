export { createRegistry } from './registry.ts';
export { liveSecretValues } from './secret-values.ts';
export type {
  BundleFiles,
  InstallRecord,
  LiveBuild,
  PageServerAddress,
  Registry,
  ResolvedInstall,
  SecretBox,
} from './types.ts';
