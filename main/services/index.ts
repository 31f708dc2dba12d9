export { checkProject } from '../build/index.ts';
export { createFromTemplate, listTemplates } from '../project/index.ts';
export { buildAndInstall } from '../workspace/index.ts';
export { openCore, type Core } from './core.ts';
export { openEngines, prepareEngines, type Engines } from './engines.ts';
export { dataFolder, resourcesAt, type Resources } from './resources.ts';
export { openRunnerService, type RunnerService, type RunnerServiceOptions } from './runner-server.ts';
export { runOnce, type RunOptions, type RunResult } from './run.ts';
export {
  createServices,
  type IpcHandlers,
  type ServiceChannel,
  type Services,
  type ServicesOptions,
  type ShellChannel,
} from './services.ts';
