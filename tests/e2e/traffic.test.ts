import path from 'node:path';
import { expect, test } from 'vitest';
import type { IpcResult, WorkbenchState } from '../../contract/index.ts';
import { openWindow, type Window } from '../support/window.ts';
import { temporaryFolder } from '../support/workbench.ts';

const MANY = 2000;
const LANES = 8;

/** Calls the gateway as any client would; the extension has no endpoint, so each call is one refused hop. */
async function callMany(url: string, count: number): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await (await fetch(url)).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** The selected row: which hop, and how far it stands from the top of the window. */
function selected({ page }: Window): Promise<string> {
  return page.evaluate(() => {
    const row = document.querySelector<HTMLElement>('[role="row"][aria-selected="true"]');
    return row ? `${row.dataset['hop']} at ${Math.round(row.getBoundingClientRect().top)}` : 'none';
  });
}

test('a flood of traffic keeps the list short, the selection still, and filter, pause and clear at work', async () => {
  await using folder = await temporaryFolder();
  await using window = await openWindow('traffic', path.join(folder.path, 'data'));
  const { page } = window;
  await window.invoke('project.create', { templateId: 'ui', folder: path.join(folder.path, 'flooded') });
  await page.frameLocator('iframe').frameLocator('iframe').getByRole('heading').first().waitFor();
  const answer = (await window.invoke('state.get', undefined)) as IpcResult<WorkbenchState>;
  if (!answer.ok) throw new Error(answer.error.message);
  const { gateway, installs } = answer.value;
  const url = `${gateway.url}/api/ext-proxy/${installs[0]?.registryId ?? ''}/nothing`;

  await page.getByRole('button', { name: 'Clear traffic' }).click();
  const total = page.getByRole('tab', { name: /^Traffic/ });
  await callMany(url, MANY);
  await expect.poll(() => total.textContent()).toBe('Traffic2,000');
  const grid = page.getByRole('grid', { name: 'Traffic' });
  expect(await grid.getAttribute('aria-rowcount')).toBe(String(MANY + 1));
  expect(await page.locator('[role="row"][data-hop]').count()).toBeLessThan(100);

  // Away from the end, what one looks at stands still while more arrives.
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  const before = await selected(window);
  expect(before).not.toBe('none');
  await callMany(url, 100);
  await expect.poll(() => total.textContent()).toBe('Traffic2,100');
  expect(await selected(window)).toBe(before);

  const filter = page.getByRole('searchbox', { name: 'Filter traffic' });
  await filter.fill('status:<400');
  await page.getByText('Nothing passes the filter').waitFor();
  await filter.fill('status:404');
  await expect.poll(() => grid.getAttribute('aria-rowcount')).not.toBe(null);
  await filter.press('Escape');

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  await callMany(url, 20);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  expect(await total.textContent()).toBe('Traffic2,100');
  await callMany(url, 1);
  await expect.poll(() => total.textContent()).toBe('Traffic2,101');
  await page.getByRole('button', { name: 'Clear traffic' }).click();
  await page.getByText('Click something in the preview').waitFor();
});
