export { buildAndInstall } from './build-and-install.ts';
export type { PageServers } from './pages.ts';
export { createWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts';
