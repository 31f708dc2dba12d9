export { buildProject } from './build-project.ts';
export { checkProject } from './check.ts';
export { createEngineTemplates } from './engine-template/templates.ts';
export type { EngineTemplates, EngineTemplatesOptions, LoadedHandler } from './engine-template/templates.ts';
export type {
  NativeBuilder,
  NativeBuilding,
  NativeCancelToken,
  NativeSource,
  NativeTemplate,
} from './engine-template/native.ts';
export type { BuildOptions, StageEvent, Toolchain } from './options.ts';
