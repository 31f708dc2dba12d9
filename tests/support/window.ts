import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { _electron, type ElectronApplication, type Frame, type Page } from 'playwright';
import { root } from './workbench.ts';

/** A first build makes the engine template, which takes its time on a machine that does other work too. */
const PATIENCE_MS = 120_000;

/** The real application in a real window. */
export interface Window {
  readonly app: ElectronApplication;
  readonly page: Page;
  resize(size: { readonly width: number; readonly height: number }): Promise<void>;
  /** Calls the main process the way the window's own code does; the answer is as it crosses the bridge. */
  invoke(channel: string, input: unknown): Promise<unknown>;
  /** The extension's own document inside the platform's page inside the window. */
  extensionFrame(): Promise<Frame>;
  /** Ends the process as a crash or a power cut would: nothing is closed, nothing is flushed. */
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens the window on a data folder of its own; `name` is for the pictures. The runtime comes from `npm test` (XWB_ELECTRON). */
export async function openWindow(name: string, dataDir: string): Promise<Window> {
  const executablePath = process.env['XWB_ELECTRON'];
  if (executablePath === undefined) throw new Error('XWB_ELECTRON is not set: run the tests with npm test.');
  const app = await _electron.launch({
    executablePath,
    args: [root, '--data-dir', dataDir],
    // Off only where Chromium has none to offer, as npm start does it.
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...definedEnvironment(), XWB_NO_GPU: '1' },
  });
  const page = await app.firstWindow();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.waitForLoadState('domcontentloaded');
  return {
    app,
    page,
    async resize(size) {
      await app.evaluate(({ BrowserWindow }, wanted) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(wanted.width, wanted.height);
      }, size);
      await page.waitForFunction(
        wanted => globalThis.innerWidth === wanted.width && globalThis.innerHeight === wanted.height,
        size,
      );
    },
    invoke: (channel, input) =>
      page.evaluate(
        ([name, value]) =>
          (globalThis as unknown as { workbench: UntypedBridge }).workbench.invoke(name, value),
        [channel, input] as const,
      ),
    async extensionFrame() {
      const found = (): Frame | undefined => page.frames().find(frame => frame.url().includes('/ext-ui/'));
      for (;;) {
        const frame = found();
        if (frame) return frame;
        await page.waitForEvent('framenavigated');
      }
    },
    async kill() {
      const main = app.process();
      const ended = once(main, 'exit');
      main.kill('SIGKILL');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      if (page.isClosed() || app.process().exitCode !== null || app.process().signalCode !== null) return;
      // What a failing test saw last is the first thing one wants to know.
      await mkdir(path.join(root, 'test-results'), { recursive: true });
      await page.screenshot({ path: path.join(root, 'test-results', `${name}-last.png`) });
      await app.close();
    },
  };
}

/** The bridge without its types: tests send what no typed caller would. */
interface UntypedBridge {
  invoke(channel: string, input: unknown): Promise<unknown>;
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
