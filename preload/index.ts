import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type {
  IpcChannel,
  IpcEvent,
  IpcInput,
  IpcResult,
  IpcOutput,
  WorkbenchBridge,
} from '../contract/index.ts';

/**
 * `window.workbench`: the window's only way out. It forwards; every check (channel, sender, shapes) is made in
 * the main process, which a page cannot reach.
 */
const bridge: WorkbenchBridge = {
  invoke<C extends IpcChannel>(channel: C, input: IpcInput<C>): Promise<IpcResult<IpcOutput<C>>> {
    return ipcRenderer.invoke('workbench:invoke', channel, input) as Promise<IpcResult<IpcOutput<C>>>;
  },
  on(event, listener) {
    const forward = (_: IpcRendererEvent, name: IpcEvent, payload: Parameters<typeof listener>[0]): void => {
      if (name === event) listener(payload);
    };
    ipcRenderer.on('workbench:event', forward);
    return () => {
      ipcRenderer.off('workbench:event', forward);
    };
  },
};

contextBridge.exposeInMainWorld('workbench', bridge);
