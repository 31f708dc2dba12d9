import { dialog, shell, type BrowserWindow } from 'electron';
import { WorkbenchError } from '../../contract/index.ts';
import { isGatewayUrl } from './addresses.ts';
import { editorCommand, fileInProject, findProgram, startEditor } from './editor.ts';
import type { IpcHandlers } from './ipc.ts';

/** Channels that need the desktop, so no headless service can answer them. */
export type DesktopChannel =
  'project.choose-folder' | 'project.open-file' | 'project.reveal' | 'install.open-in-browser';

/** What the desktop channels ask of the services. */
export interface DesktopFacts {
  projectFolder(projectId: string): string;
  previewUrl(registryId: string): string;
  gatewayPort(): number;
}

/** The desktop's part of the IPC table: folder dialog, editor, file manager, browser. */
export function desktopHandlers(
  window: () => BrowserWindow | undefined,
  facts: DesktopFacts,
): Pick<IpcHandlers, DesktopChannel> {
  return {
    'project.choose-folder': ({ title }) => chooseFolder(window(), title),
    'project.open-file': ({ projectId, file, line, column }) =>
      openFile({ file: fileInProject(facts.projectFolder(projectId), file), line, column }),
    'project.reveal': ({ projectId }) => openPath(facts.projectFolder(projectId)),
    'install.open-in-browser': ({ registryId }) =>
      openPreview(facts.previewUrl(registryId), facts.gatewayPort()),
  };
}

async function chooseFolder(owner: BrowserWindow | undefined, title: string): Promise<{ folder?: string }> {
  const options = { title, properties: ['openDirectory' as const, 'createDirectory' as const] };
  const answer = owner ? await dialog.showOpenDialog(owner, options) : await dialog.showOpenDialog(options);
  const folder = answer.canceled ? undefined : answer.filePaths[0];
  return folder === undefined ? {} : { folder };
}

async function openFile(place: { file: string; line: number | undefined; column: number | undefined }) {
  const command = editorCommand(place, { platform: process.platform, env: process.env, find: findProgram });
  if (command) await startEditor(command);
  else await openPath(place.file);
  return undefined;
}

async function openPath(path: string): Promise<undefined> {
  const failure = await shell.openPath(path);
  if (failure !== '') throw new WorkbenchError('app.editor-failed', { details: { path, reason: failure } });
  return undefined;
}

async function openPreview(url: string, port: number): Promise<undefined> {
  if (!isGatewayUrl(url, port)) throw new WorkbenchError('app.refused-address', { details: { url } });
  await shell.openExternal(url);
  return undefined;
}
