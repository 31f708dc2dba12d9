import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { _electron, type ElectronApplication, type Frame, type Page } from 'playwright';
import { root } from './workbench.ts';

/** The real application in a real window. */
export interface Window {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** The extension's own document inside the platform's page inside the window. */
  extensionFrame(): Promise<Frame>;
  screenshot(name: string): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens the window on a data folder of its own. The runtime comes from `npm test` (XWB_ELECTRON). */
export async function openWindow(dataDir: string): Promise<Window> {
  const executablePath = process.env['XWB_ELECTRON'];
  if (executablePath === undefined) throw new Error('XWB_ELECTRON is not set: run the tests with npm test.');
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath,
    args: [...asRoot, root, '--data-dir', dataDir],
    env: { ...definedEnvironment(), XWB_NO_GPU: '1' },
  });
  const page = await app.firstWindow();
  await page.waitForLoadState('domcontentloaded');
  return {
    app,
    page,
    async extensionFrame() {
      const found = (): Frame | undefined => page.frames().find(frame => frame.url().includes('/ext-ui/'));
      for (;;) {
        const frame = found();
        if (frame) return frame;
        await page.waitForEvent('framenavigated');
      }
    },
    async screenshot(name) {
      const folder = path.join(root, 'test-results', 'screenshots');
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: path.join(folder, `${name}.png`) });
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
