import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openWindow, type Window } from '../support/window.ts';
import { temporaryFolder } from '../support/workbench.ts';

/** What has the focus: its role or element, and its part of the window. */
function focus({ page }: Window): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    const region = element?.closest<HTMLElement>('[data-region]')?.dataset['region'] ?? 'dialog';
    return `${element?.getAttribute('role') ?? element?.localName ?? 'nothing'} in ${region}`;
  });
}

/** Does the element with the focus show a ring? */
function ring({ page }: Window): Promise<boolean> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    return element !== null && getComputedStyle(element).outlineStyle !== 'none';
  });
}

test('the first five minutes need no mouse', async () => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'keys-only');
  await using window = await openWindow('keyboard', path.join(folder.path, 'data'));
  const { page } = window;
  const { keyboard } = page;
  await page.getByRole('button', { name: 'New from template' }).first().waitFor();

  await keyboard.press('Tab');
  expect(await ring(window)).toBe(true);
  const start = await focus(window);
  await keyboard.press('Control+n');
  await expect.poll(() => focus(window)).toBe('radio in dialog');
  await keyboard.press('Escape');
  await expect.poll(() => focus(window)).toBe(start);

  await keyboard.press('Control+n');
  await expect.poll(() => focus(window)).toBe('radio in dialog');
  // Held as a finger holds it: the choice follows the focus while the key is down. Round to the last.
  await keyboard.press('ArrowUp', { delay: 100 });
  await expect.poll(() => page.getByRole('radio', { name: 'UI only' }).isChecked()).toBe(true);
  await keyboard.press('Tab');
  await keyboard.press('Control+a');
  await keyboard.type(project);
  await keyboard.press('Enter');
  await page.frameLocator('iframe').frameLocator('iframe').getByRole('heading').first().waitFor();
  await expect.poll(() => focus(window)).toBe('tab in main');

  await page.locator('[role="row"][data-hop]').first().waitFor();
  await keyboard.press('Control+5');
  await expect.poll(() => focus(window)).toBe('grid in panel');
  expect(await ring(window)).toBe(true);
  await keyboard.press('ArrowUp');
  await page.locator('[role="row"][aria-selected="true"]').waitFor();
  await keyboard.press('Enter');
  await expect.poll(() => focus(window)).toBe('tab in inspector');

  await writeFile(path.join(project, 'manifest.json'), '{ "name": ');
  await page.getByTestId('build-failed-banner').waitFor();
  await keyboard.press('Control+k');
  await expect.poll(() => focus(window)).toBe('combobox in dialog');
  await keyboard.type('show the problems');
  await keyboard.press('Enter');
  await page.getByRole('region', { name: 'Problems' }).waitFor();
  await expect.poll(() => focus(window)).toBe('tab in panel');
  await keyboard.press('Tab');
  expect(await ring(window)).toBe(true);

  // Round all parts of the window and back.
  const regions = new Set<string>();
  for (let turn = 0; turn < 6; turn += 1) {
    await keyboard.press('F6');
    regions.add((await focus(window)).replace(/^.* in /, ''));
    expect(await ring(window)).toBe(true);
  }
  expect([...regions].sort()).toEqual(['inspector', 'main', 'panel', 'sidebar', 'status', 'toolbar']);
});

test('everything one can act on has a name and a role', async () => {
  await using folder = await temporaryFolder();
  await using window = await openWindow('names', path.join(folder.path, 'data'));
  const { page } = window;
  await window.invoke('project.create', { templateId: 'ui', folder: path.join(folder.path, 'named') });
  await page.frameLocator('iframe').frameLocator('iframe').getByRole('heading').first().waitFor();
  for (const keys of ['Control+1', 'Control+2', 'Control+3', 'Control+4', 'Control+6', 'Control+8']) {
    await page.keyboard.press(keys);
    expect(await nameless(window), keys).toEqual([]);
  }
  for (const keys of ['Control+n', 'Control+k', 'Control+/']) {
    await page.keyboard.press(keys);
    await page.getByRole('dialog').waitFor();
    expect(await nameless(window), keys).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
});

/** Lines of the accessibility tree with something to act on that has no name. */
async function nameless({ page }: Window): Promise<string[]> {
  const tree = await page.locator('body').ariaSnapshot();
  return tree
    .split('\n')
    .filter(line =>
      /^\s*- (?:button|link|tab|textbox|searchbox|combobox|checkbox|switch|radio|grid|listbox|dialog)(?: \[|:|$)/.test(
        line,
      ),
    );
}
