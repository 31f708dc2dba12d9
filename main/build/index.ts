export { buildProject } from './build-project.ts';
export { checkProject } from './check.ts';
export { ended, killGroup, ownGroup } from './child-process.ts';
export { LoadMemory } from './load-memory.ts';
export { loadProject, type LoadedProject, type LoadOptions, type LoadResult } from './load-project.ts';
export { projectEnvironment } from './npm.ts';
export { createEngineTemplates } from './engine-template/templates.ts';
export type { EngineTemplates, EngineTemplatesOptions, LoadedHandler } from './engine-template/templates.ts';
export type {
  NativeBuilder,
  NativeBuilding,
  NativeCancelToken,
  NativeSource,
  NativeTemplate,
} from './engine-template/native.ts';
export { ownVite, viteConfig } from './ui-vite.ts';
export { platformWorld } from './world.ts';
export type { BuildOptions, StageEvent, Toolchain } from './options.ts';
