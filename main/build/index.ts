export { buildProject } from './build-project.ts';
export { checkProject } from './check.ts';
export { loadProject, type LoadOptions, type LoadResult } from './load-project.ts';
export type { TemplateKind } from './engine-template/kinds.ts';
export { createEngineTemplates } from './engine-template/templates.ts';
export type { EngineTemplates, EngineTemplatesOptions, LoadedHandler } from './engine-template/templates.ts';
export type {
  NativeBuilder,
  NativeBuilding,
  NativeCancelToken,
  NativeSource,
  NativeTemplate,
} from './engine-template/native.ts';
export type { BuildOptions, BuiltComponent, StageEvent, Toolchain } from './options.ts';
