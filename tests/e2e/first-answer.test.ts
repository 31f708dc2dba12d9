import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'vitest';
import { expectWholeTrace } from '../support/trace.ts';
import { openWindow } from '../support/window.ts';
import { temporaryFolder } from '../support/workbench.ts';

test('from a template to an answer in the window, and to the next answer after an edit on disk', async () => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'first-answer');
  await using window = await openWindow('first-answer', path.join(folder.path, 'data'));
  const { page } = window;

  await page.getByRole('button', { name: 'New from template' }).first().click();
  await page.getByRole('radio', { name: /UI and handler/ }).click();
  await page.getByLabel('Folder').fill(project);
  await page.getByRole('button', { name: 'Create', exact: true }).click();

  const extension = page.frameLocator('iframe').frameLocator('iframe');
  await extension.getByRole('heading', { name: 'Hello, Demo Agent!' }).waitFor({ timeout: 120_000 });

  // One click is one trace: message, gateway call, handler run, host call and log line.
  await page.getByRole('button', { name: 'Clear traffic' }).click();
  await extension.getByRole('button', { name: 'Say hello' }).click();
  await expectWholeTrace(page);

  const handler = path.join(project, 'src', 'handler.ts');
  await writeFile(handler, (await readFile(handler, 'utf8')).replace('`Hello, ', '`Good day, '));
  await extension.getByRole('heading', { name: 'Good day, Demo Agent!' }).waitFor({ timeout: 120_000 });
});
