import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve, temporaryFolder, xwb } from '../support/workbench.ts';

let browser: Browser;
beforeAll(async () => {
  const system = '/usr/bin/chromium';
  browser = await chromium.launch({
    ...(existsSync(system) && { executablePath: system }),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
});
afterAll(() => browser.close());

test('a plain browser gives the same answer, and the new one after an edit on disk', async () => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'in-browser');
  await xwb(folder.path, 'new', 'ui-handler', project);
  await using running = await serve(path.join(folder.path, 'data'), project);
  const context = await browser.newContext();
  const page = await context.newPage();
  const foreign: string[] = [];
  page.on('request', request => {
    const { hostname } = new URL(request.url());
    if (hostname !== 'localhost' && !hostname.endsWith('.localhost')) foreign.push(request.url());
  });
  await page.goto(running.served.extensions[0]?.previewUrl ?? '');
  const extension = page.frameLocator('iframe');
  await extension.getByRole('button', { name: 'Say hello' }).click();
  await extension.getByRole('heading', { name: 'Hello, Demo Agent!' }).waitFor();

  const handler = path.join(project, 'src', 'handler.ts');
  await writeFile(handler, (await readFile(handler, 'utf8')).replace('`Hello, ', '`Good day, '));
  // The page reloads the frame by itself when the new build is installed.
  await extension.getByRole('heading', { name: 'Good day, Demo Agent!' }).waitFor({ timeout: 60_000 });
  expect(foreign).toEqual([]);
  await context.close();
});
