import { join } from 'node:path';
import { app, session, type BrowserWindow } from 'electron';
import { createServices, dataFolder, resourcesAt, type Services } from '../services/index.ts';
import { WINDOW_ORIGIN } from './addresses.ts';
import { withinTime } from './closing.ts';
import { parseCommandLine } from './command-line.ts';
import { desktopHandlers } from './desktop.ts';
import type { IpcHandlers } from './ipc.ts';
import { pushEvent, serveIpc } from './ipc-bridge.ts';
import { createLife } from './life.ts';
import { installMenu } from './menu.ts';
import { runtimeNotices } from './notices.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { guardContents, guardSession } from './security.ts';
import { openWindow } from './window.ts';

/** Longest wait for services to close before the process ends; data reported as saved is on disk already. */
const CLOSE_LIMIT_MS = 5000;

const life = createLife();
const options = parseCommandLine(process.argv, process.env);
const dataDir = dataFolder(options.dataDir);
const root = process.getuid?.() === 0;
const noSandbox = app.commandLine.hasSwitch('no-sandbox');
const notices = runtimeNotices({
  root,
  noSandbox,
  fallbackRuntime: process.env['XWB_FALLBACK_RUNTIME'] === '1',
});

let window: BrowserWindow | undefined;
let services: Services | undefined;

app.setPath('userData', join(dataDir, 'window'));
if (options.softwareRendering) app.disableHardwareAcceleration();
if (!noSandbox) app.enableSandbox();
for (const notice of notices) console.error(notice.message);

if (app.requestSingleInstanceLock()) {
  registerScheme();
  guardContents({ gatewayPort: () => services?.state().gateway.port, window: () => window });
  app.on('second-instance', showWindow);
  app.on('activate', showWindow);
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', closeFirst);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  void app.whenReady().then(start);
} else {
  console.error('The workbench is already open with this data folder; its window comes to the front.');
  app.exit(0);
}

/** Shows the window at once and starts the services beside it; the window's calls wait for them. */
function start(): void {
  guardSession(session.defaultSession);
  serveScheme(session.defaultSession, join(import.meta.dirname, '../renderer'));
  installMenu(id => pushEvent(window, 'command', { id }), process.platform);
  serveIpc(() => window, startServices());
  showWindow();
  life.reach('ready');
}

async function startServices(): Promise<IpcHandlers> {
  const started = await createServices({
    dataDir,
    resources: resourcesAt(app.getAppPath()),
    electronVersion: process.versions.electron,
    frameAncestors: [WINDOW_ORIGIN],
    notices,
  });
  services = started;
  // The window asks for its state after this, so it opens with the projects it closed with.
  try {
    await started.workspace.restore();
  } catch (error) {
    console.error('could not open the projects of the last time:', error);
  }
  started.onState(state => pushEvent(window, 'state', state));
  started.onTraffic(change => pushEvent(window, 'traffic', change));
  const desktop = desktopHandlers(() => window, {
    projectFolder: id => started.projectFolder(id),
    previewUrl: id => started.previewUrl(id),
    gatewayPort: () => started.state().gateway.port,
  });
  return {
    ...started.ipc,
    ...desktop,
    'state.get': async input => {
      const state = await started.ipc['state.get'](input);
      life.reach('restored');
      return state;
    },
  };
}

function showWindow(): void {
  if (life.phase === 'closing') return;
  if (!window || window.isDestroyed()) {
    window = openWindow({
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      memoryFile: join(app.getPath('userData'), 'window.json'),
      onFrameMoved: address => services?.gateway.frameMoved(address),
    });
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
}

/** Holds the first quit until the services are closed, then lets the second through. */
function closeFirst(event: Electron.Event): void {
  if (life.phase === 'closing') return;
  life.reach('closing');
  if (!services) return;
  event.preventDefault();
  withinTime(services.close(), CLOSE_LIMIT_MS)
    .then(inTime => {
      if (!inTime) console.error(`services did not close within ${CLOSE_LIMIT_MS} ms`);
    })
    .catch((error: unknown) => console.error('closing failed:', error))
    .finally(() => app.quit());
}
