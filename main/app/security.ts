import { app, dialog, shell, type BrowserWindow, type Session, type WebContents } from 'electron';
import { externalUrl, mayNavigate, mayUse } from './addresses.ts';

export interface SecurityOptions {
  readonly gatewayPort: () => number | undefined;
  readonly window: () => BrowserWindow | undefined;
}

/**
 * Denies by default, for every page of the application: permissions, devices, navigation, new windows,
 * and any page that is not the window. Runs before the first window is made.
 */
export function guardContents(options: SecurityOptions): void {
  const openExternal = createExternalOpener(options.window);
  app.on('web-contents-created', (_, contents) => {
    closeUnlessWindow(contents);
    contents.on('will-attach-webview', event => event.preventDefault());
    contents.on('will-frame-navigate', event => {
      const frame = { isMainFrame: event.isMainFrame, gatewayPort: options.gatewayPort() };
      if (!mayNavigate(event.url, frame)) event.preventDefault();
    });
    contents.on('will-redirect', event => {
      const frame = { isMainFrame: event.isMainFrame, gatewayPort: options.gatewayPort() };
      if (!mayNavigate(event.url, frame)) event.preventDefault();
    });
    contents.setWindowOpenHandler(({ url }) => {
      openExternal(url);
      return { action: 'deny' };
    });
  });
}

/** Refuses every permission and device but what {@link mayUse} lists. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_, permission, callback, details) =>
    callback(mayUse(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_, permission, requestingOrigin) =>
    mayUse(permission, requestingOrigin.replace(/\/$/, '')),
  );
  session.setDevicePermissionHandler(() => false);
}

/**
 * Only the window runs pages. Its preferences are set where it is made, and no page can open another (above);
 * a webview, an offscreen page or a background page can come from nowhere but a mistake.
 */
function closeUnlessWindow(contents: WebContents): void {
  const type = contents.getType();
  if (type !== 'window' && type !== 'remote') contents.close(); // `remote`: the developer tools
}

/**
 * Asks before an extension's link leaves for the system browser: the page that asked is not trusted, so one
 * question at a time and only for https.
 */
function createExternalOpener(window: () => BrowserWindow | undefined): (url: string) => void {
  let asking = false;
  const ask = async (href: string): Promise<void> => {
    const owner = window();
    if (!owner) return;
    const { response } = await dialog.showMessageBox(owner, {
      type: 'question',
      message: `Open ${new URL(href).hostname} in your browser?`,
      detail: href,
      buttons: ['Open', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    });
    if (response === 0) await shell.openExternal(href);
  };
  return url => {
    const href = externalUrl(url);
    if (href === undefined || asking) return;
    asking = true;
    ask(href)
      .catch((error: unknown) => console.error('could not open the browser:', error))
      .finally(() => {
        asking = false;
      });
  };
}
