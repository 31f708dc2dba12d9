export { buildProject } from './build-project.ts';
export { checkProject } from './check.ts';
export type { BuildOptions, StageEvent, Toolchain } from './options.ts';
