export { buildAndInstall } from './build-and-install.ts';
export { createWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';
