import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IpcResult } from '../../contract/index.ts';
import { openWindow, type Window } from '../support/window.ts';
import { temporaryFolder } from '../support/workbench.ts';

// One window for the whole file. Between the saves nobody touches it: each test finds what the one before left.
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let window: Window;
let project: string;
let hostPage: FrameLocator;
let extension: FrameLocator;
beforeAll(async () => {
  folder = await temporaryFolder();
  project = path.join(folder.path, 'saved');
  window = await openWindow('save-loop', path.join(folder.path, 'data'));
  await window.invoke('project.create', { templateId: 'ui-handler', folder: project });
  hostPage = window.page.frameLocator('iframe');
  extension = hostPage.frameLocator('iframe');
  await extension.getByRole('heading', { name: 'Hello, Demo Agent!' }).waitFor();
});
afterAll(async () => {
  await window[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Saves a file of the project with another text in place of one that must be there; resolves to the whole text. */
async function edit(file: string, from: string, to: string): Promise<string> {
  const address = path.join(project, file);
  const text = await readFile(address, 'utf8');
  expect(text).toContain(from);
  const edited = text.replace(from, to);
  await writeFile(address, edited);
  return edited;
}

/** One request through the gateway; resolves to its status. */
async function send(address: string): Promise<number> {
  const registryId = await hostPage
    .locator('[data-automation-id^="ext-menu-"]')
    .getAttribute('data-automation-id');
  const request = { registryId: registryId?.replace('ext-menu-', ''), method: 'GET', path: address };
  const answer = (await window.invoke('install.send-request', request)) as IpcResult<{ status: number }>;
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value.status;
}

test('a saved handler answers in the page that is open', async () => {
  const route = `{ method: 'GET', path: '/api/greeting', run: greet },`;
  await edit('src/handler.ts', route, `${route}\n    { method: 'GET', path: '/api/farewell', run: greet },`);
  await edit('src/handler.ts', '`Hello, ', '`Good day, ');
  await extension.getByRole('heading', { name: 'Good day, Demo Agent!' }).waitFor();
});

test('a saved page shows, in the frame and the process that are there', async () => {
  const processOf = (): Promise<number | undefined> =>
    window.app.evaluate(
      ({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.mainFrame.framesInSubtree.find(frame =>
          frame.url.includes('/ext-ui/'),
        )?.osProcessId,
    );
  const frame = hostPage.locator('iframe');
  const steps = (): Promise<number> => frame.evaluate(() => history.length);
  const before = { process: await processOf(), steps: await steps() };
  await frame.evaluate(element => element.setAttribute('data-kept', ''));
  await edit('ui/index.html', '<h2>Notes</h2>', '<h2>Reminders</h2>');
  await extension.getByRole('heading', { name: 'Reminders' }).waitFor();
  await edit('ui/styles.css', '', 'h2 { color: rgb(1, 2, 3); }\n');
  const heading = extension.getByRole('heading', { name: 'Reminders' });
  await expect
    .poll(() => heading.evaluate(element => getComputedStyle(element).color), { timeout: 60_000 })
    .toBe('rgb(1, 2, 3)');
  await hostPage.locator('iframe[data-kept]').waitFor();
  // No way leads back to a page that is not there any more.
  expect({ process: await processOf(), steps: await steps() }).toEqual(before);
  await extension.getByRole('heading', { name: 'Good day, Demo Agent!' }).waitFor();
});

test('a saved manifest has its endpoint called and its label in the menu of the platform', async () => {
  expect(await send('/api/farewell')).toBe(404);
  const text = await readFile(path.join(project, 'manifest.json'), 'utf8');
  const manifest = JSON.parse(text) as {
    ui: { hooks: { appMenu: { label: string } } };
    api: { endpoints: object[] };
  };
  manifest.ui.hooks.appMenu.label = 'Front desk';
  manifest.api.endpoints.push({ method: 'GET', path: '/api/farewell', handler: 'handler' });
  await writeFile(path.join(project, 'manifest.json'), JSON.stringify(manifest, undefined, 2));
  await hostPage.getByRole('navigation').getByRole('link', { name: 'Front desk' }).waitFor();
  expect(await send('/api/farewell')).toBe(200);
});

test('a broken handler is told with its place while the last good one answers, until it is mended', async () => {
  const { page } = window;
  const broken = await edit('src/handler.ts', 'const user = await', 'const user await');
  const banner = page.getByTestId('build-failed-banner');
  await banner.waitFor();
  await extension.getByRole('heading', { name: 'Good day, Demo Agent!' }).waitFor();
  expect(await send('/api/greeting')).toBe(200);
  await banner.getByRole('button', { name: 'Show problems' }).click();
  const place = page.getByRole('region', { name: 'Problems' }).getByRole('button', {
    name: new RegExp(`^Open src/handler.ts at ${lineOf(broken, 'const user await')}:`),
  });
  await place.first().waitFor();
  await edit('src/handler.ts', 'const user await', 'const user = await');
  await banner.waitFor({ state: 'detached' });
  await place.first().waitFor({ state: 'detached' });
});

test('an uncaught exception is shown with its message and its place in the source of the author', async () => {
  const { page } = window;
  await page.getByRole('tab', { name: /^Traffic/ }).click();
  await edit('src/handler.ts', 'export const handler =', 'const routes =');
  const thrown = `throw new TypeError('The printer is on fire');`;
  const text = await edit(
    'src/handler.ts',
    'async function greet',
    `export const handler: typeof routes = () => {\n  ${thrown}\n};\n\nasync function greet`,
  );
  await extension.getByRole('heading', { name: 'No greeting' }).waitFor();
  await page.locator('[role="row"][data-kind="handler"]').last().click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await inspector.getByText('The printer is on fire').first().waitFor();
  await inspector
    .getByRole('list', { name: 'Stack' })
    .getByText(new RegExp(`^src/handler\\.ts:${lineOf(text, thrown)}:\\d+$`))
    .waitFor();
});

function lineOf(text: string, part: string): number {
  return text.split('\n').findIndex(line => line.includes(part)) + 1;
}
