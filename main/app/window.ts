import { BrowserWindow, nativeTheme, screen } from 'electron';
import { WINDOW_URL } from './addresses.ts';
import { MINIMUM_SIZE, placeWindow, readWindowMemory, writeWindowMemory } from './window-memory.ts';

/**
 * Opens the workbench window: sandboxed, isolated, without Node, at its remembered place, shown when it has
 * something to show.
 */
export function openWindow(options: {
  preload: string;
  memoryFile: string;
  /** Hears the new address of a frame that moved within its document. */
  onFrameMoved: (address: string) => void;
}): BrowserWindow {
  const memory = readWindowMemory(options.memoryFile);
  let background = memory.background ?? (nativeTheme.shouldUseDarkColors ? '#14161c' : '#fafafb');
  const window = new BrowserWindow({
    ...placeWindow(
      memory.bounds,
      screen.getAllDisplays().map(display => display.workArea),
    ),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: 'Extension Workbench',
    show: false,
    autoHideMenuBar: true,
    backgroundColor: background,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      webSecurity: true,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  window.once('ready-to-show', () => {
    if (memory.maximized) window.maximize();
    window.show();
  });
  // The page says its theme with <meta name="theme-color">; the next start paints that before the page loads.
  window.webContents.on('did-change-theme-color', (_, color) => {
    if (color === null || !/^#[0-9a-f]{6}$/i.test(color)) return;
    background = color;
    window.setBackgroundColor(color);
  });
  // An extension's page that is built anew goes back to where it stood.
  window.webContents.on('did-navigate-in-page', (_, url, isMainFrame) => {
    if (!isMainFrame) options.onFrameMoved(url);
  });
  window.on('close', () => {
    try {
      const bounds = window.getNormalBounds();
      writeWindowMemory(options.memoryFile, { bounds, maximized: window.isMaximized(), background });
    } catch (error) {
      console.error('could not remember the window:', error);
    }
  });
  window.webContents.on('render-process-gone', (_, details) => {
    console.error(`the window's process ended (${details.reason}); loading it again`);
    if (details.reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload();
  });
  void window.loadURL(WINDOW_URL);
  return window;
}
