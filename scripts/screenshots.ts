// npm run screenshots: takes the README's pictures in the real window, with a real extension, in both themes.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { openWindow } from '../tests/support/window.ts';
import { root } from '../tests/support/workbench.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'xwb-pictures-'));
const pictures = path.join(root, 'docs', 'screenshots');
await mkdir(pictures, { recursive: true });
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

/** One picture for each theme and size; the README shows the 1280 x 800 ones. */
async function take(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark']) {
    await page.evaluate(value => document.documentElement.setAttribute('data-theme', value), theme);
    for (const size of sizes) {
      await window.resize(size);
      await page.screenshot({
        animations: 'disabled',
        path: path.join(
          size.width === 1280 ? pictures : folder,
          `${name}-${theme}${size.width === 1280 ? '' : '-large'}.png`,
        ),
      });
    }
  }
}

await using window = await openWindow('pictures', path.join(folder, 'data'));
const { page } = window;
const project = path.join(folder, 'client-notes');
await page.getByRole('button', { name: 'New from template' }).first().waitFor();
await take(page, 'welcome');
await page.getByRole('button', { name: 'New from template' }).first().click();
await page.getByRole('textbox', { name: 'Folder' }).fill('/home/author/Extensions/client-notes');
await take(page, 'templates');
await page.getByRole('radio', { name: /UI and handler/ }).click();
await page.getByRole('textbox', { name: 'Folder' }).fill(project);
await page.getByRole('button', { name: 'Create', exact: true }).click();

const extension = page.frameLocator('iframe').frameLocator('iframe');
await extension.getByRole('heading', { name: 'Hello, Demo Agent!' }).waitFor({ timeout: 120_000 });
for (const note of ['Call Northwind about the new printers', 'Renew the certificate of the portal']) {
  await extension.getByRole('textbox', { name: 'Note' }).fill(note);
  await extension.getByRole('button', { name: 'Add' }).click();
  await extension.getByText(note).waitFor();
}
await page.locator('[role="row"][data-kind="gateway"]').last().click();
await take(page, 'preview');

const handler = path.join(project, 'src', 'handler.ts');
await writeFile(
  handler,
  (await readFile(handler, 'utf8')).replace('await host.user.getUser();', 'await host.user.getUser(;'),
);
await page.getByTestId('build-failed-banner').waitFor();
await page.getByRole('tab', { name: /Problems/ }).click();
await take(page, 'build-error');
console.log(`Large pictures: ${folder}`);
if (!process.argv.includes('--keep')) await rm(folder, { recursive: true, force: true });
