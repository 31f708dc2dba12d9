import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright';
import { expect, test } from 'vitest';
import { openWindow, type Window } from '../support/window.ts';
import { root, temporaryFolder } from '../support/workbench.ts';

const alga = path.join(root, 'node_modules', '@alga-psa', 'cli', 'dist', 'cli.js');

/** Opens the folder and shows its problems; gives the buttons of the fixes that are offered. */
async function openProblems(window: Window, folder: string): Promise<Locator> {
  expect(await window.invoke('project.open', { folder })).toMatchObject({ ok: true });
  await window.page.getByRole('tab', { name: /Problems/ }).click();
  const fixes = window.page.locator('button[data-fix]');
  await fixes.first().waitFor();
  return fixes;
}

/** Opens the folder and takes the offered fixes one by one, until none is left. */
async function openAndFix(window: Window, folder: string): Promise<void> {
  const fixes = await openProblems(window, folder);
  // Each fix starts a build; the list shrinks as the build's problems arrive.
  for (let left = await fixes.count(); left > 0; left = await fixes.count()) {
    await fixes.first().click();
    await expect.poll(() => fixes.count(), { timeout: 60_000 }).toBeLessThan(left);
  }
}

test('a component scaffolded by the official command line answers after the offered fixes', async () => {
  await using folder = await temporaryFolder();
  await promisify(execFile)(process.execPath, [
    alga,
    'create',
    'component',
    'official',
    '--dir',
    folder.path,
  ]);
  await using window = await openWindow('official-component', path.join(folder.path, 'data'));
  const { page } = window;
  const fixes = await openProblems(window, path.join(folder.path, 'official'));
  await page.getByRole('button', { name: /^Fix all/ }).click();
  await expect.poll(() => fixes.count(), { timeout: 60_000 }).toBe(0);
  await page
    .getByRole('button', { name: /^Send GET/ })
    .first()
    .click({ timeout: 120_000 });
  await page.getByRole('tab', { name: /Traffic/ }).click();
  const handler = page.locator('[role="row"][data-kind="handler"]').first();
  await handler.waitFor();
  await expect.poll(() => handler.textContent()).toContain('200');
});

test('an extension scaffolded by the official command line shows in the preview after the offered fixes', async () => {
  await using folder = await temporaryFolder();
  await promisify(execFile)(process.execPath, [
    alga,
    'create',
    'extension',
    'official',
    '--dir',
    folder.path,
  ]);
  await using window = await openWindow('official-extension', path.join(folder.path, 'data'));
  await openAndFix(window, path.join(folder.path, 'official'));
  // By place, not by frame: each fix may bring a new build, and with it a new document.
  const extension = window.page.frameLocator('iframe').frameLocator('iframe');
  await extension.getByText('Hello from official').waitFor({ timeout: 60_000 });
});
