import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import type { IpcEvent, IpcEventPayload } from '../../contract/index.ts';
import { checkEvent, serveCall, type IpcHandlers, type Sender } from './ipc.ts';

/** Serves the IPC table to the window that `window()` names, and to nothing else. */
export function serveIpc(window: () => BrowserWindow | undefined, handlers: Promise<IpcHandlers>): void {
  ipcMain.handle('workbench:invoke', async (event, channel: unknown, input: unknown) => {
    const answer = await serveCall(handlers, senderOf(event, window()), channel, input);
    if (!answer.ok && answer.error.code === 'internal.unexpected') {
      console.error(`call ${String(channel)} failed:`, answer.error.message);
    }
    return answer;
  });
}

/** Sends an event to the window when there is one to hear it. */
export function pushEvent<E extends IpcEvent>(
  window: BrowserWindow | undefined,
  event: E,
  payload: IpcEventPayload<E>,
): void {
  if (!window || window.isDestroyed() || window.webContents.isCrashed()) return;
  window.webContents.send('workbench:event', event, checkEvent(event, payload));
}

function senderOf(event: IpcMainInvokeEvent, window: BrowserWindow | undefined): Sender {
  const frame = event.senderFrame;
  const isWindowMainFrame =
    window !== undefined &&
    !window.isDestroyed() &&
    event.sender === window.webContents &&
    frame !== null &&
    frame === window.webContents.mainFrame;
  return { isWindowMainFrame, origin: frame?.origin };
}
