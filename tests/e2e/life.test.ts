import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IpcResult, WorkbenchState } from '../../contract/index.ts';
import { expectWholeTrace } from '../support/trace.ts';
import { openWindow, type Window } from '../support/window.ts';
import { temporaryFolder } from '../support/workbench.ts';

// One data folder for the whole file, as a user has one: each test finds what the one before left.
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let dataDir: string;
let project: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  dataDir = path.join(folder.path, 'data');
  project = path.join(folder.path, 'tasks');
});
afterAll(() => folder[Symbol.asyncDispose]());

async function stateOf(window: Window): Promise<WorkbenchState> {
  const answer = (await window.invoke('state.get', undefined)) as IpcResult<WorkbenchState>;
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

function built(window: Window): Promise<void> {
  return window.page.getByTestId('build-pill').and(window.page.locator('[data-status="ok"]')).waitFor();
}

test('the React template answers in its page, and one click is one trace', async () => {
  await using window = await openWindow('react', dataDir);
  const { page } = window;
  await page.getByRole('button', { name: 'New from template' }).first().click();
  await page.getByRole('radio', { name: /React/ }).click();
  await page.getByRole('textbox', { name: 'Folder' }).fill(project);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const extension = page.frameLocator('iframe').frameLocator('iframe');
  await extension.getByPlaceholder('What needs doing?').fill('Order the printers');
  await page.getByRole('button', { name: 'Clear traffic' }).click();
  await extension.getByRole('button', { name: 'Add task' }).click();
  await extension.getByRole('cell', { name: 'Order the printers' }).waitFor();
  await expectWholeTrace(page);
});

// Whatever the moment, the promise is the same: these are only three of them.
test.each([100, 400, 1000])(
  'killed %i ms after a save, it loses nothing that was saved and builds again',
  async milliseconds => {
    const handler = path.join(project, 'src', 'handler.ts');
    const saved = `before ${milliseconds}`;
    {
      await using window = await openWindow(`killed-${milliseconds}`, dataDir);
      await built(window);
      const { installs } = await stateOf(window);
      const config = { registryId: installs[0]?.registryId, config: { note: saved } };
      expect(await window.invoke('install.set-config', config)).toMatchObject({ ok: true });
      await writeFile(
        handler,
        `${await readFile(handler, 'utf8')}\nexport const kill${milliseconds} = true;\n`,
      );
      await setTimeout(milliseconds);
      await window.kill();
    }
    await using window = await openWindow(`after-${milliseconds}`, dataDir);
    await built(window);
    const { installs, projects, notices } = await stateOf(window);
    expect(projects.map(each => each.folder)).toEqual([project]);
    expect(installs[0]?.config).toEqual({ note: saved });
    expect(notices.map(notice => notice.id)).not.toContain('store-set-aside');
    const extension = window.page.frameLocator('iframe').frameLocator('iframe');
    await extension.getByRole('cell', { name: 'Order the printers' }).waitFor();
  },
);

test('a folder that is gone when the workbench opens stays listed, and builds when it is back', async () => {
  const elsewhere = path.join(folder.path, 'moved');
  await rename(project, elsewhere);
  await using window = await openWindow('folder-gone', dataDir);
  const { page } = window;
  await page.getByText('The folder of tasks is gone').waitFor();
  expect((await stateOf(window)).projects.map(each => each.folder)).toEqual([project]);
  await rename(elsewhere, project);
  await built(window); // it is watched all the while
});
