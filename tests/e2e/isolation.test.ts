import path from 'node:path';
import { expect, test } from 'vitest';
import { openWindow } from '../support/window.ts';
import { temporaryFolder, xwb } from '../support/workbench.ts';

test('only the window reaches the workbench, and only with data of the right shape', async () => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'isolated');
  await xwb(folder.path, 'new', 'ui', project);
  await using window = await openWindow('isolation', path.join(folder.path, 'data'));
  const { page, app } = window;

  // Wrong data, and a channel that is not in the table, from the right frame.
  expect(await window.invoke('project.open', { folder: project, extra: 1 })).toMatchObject(
    refusal('ipc.invalid-input'),
  );
  expect(await window.invoke('project.open', { folder: 7 })).toMatchObject(refusal('ipc.invalid-input'));
  expect(await window.invoke('project.build', undefined)).toMatchObject(refusal('ipc.invalid-input'));
  expect(await window.invoke('app.quit', undefined)).toMatchObject(refusal('ipc.unknown-channel'));
  expect(await window.invoke('project.open', { folder: project })).toMatchObject({ ok: true });

  // The right call from a wrong frame: another window with the very same preload and page.
  const fromOutside: unknown = await app.evaluate(async ({ app: electron, BrowserWindow }) => {
    const preload = `${electron.getAppPath()}/out/preload/index.cjs`;
    const other = new BrowserWindow({
      show: false,
      webPreferences: { preload, sandbox: true, contextIsolation: true },
    });
    await other.loadURL('xwb://app/app/index.html');
    const answer: unknown = await other.webContents.executeJavaScript(
      "workbench.invoke('state.get', undefined)",
    );
    other.destroy();
    return answer;
  });
  expect(fromOutside).toMatchObject(refusal('ipc.untrusted-sender'));

  // No frame but the window has the bridge or Node, and none opens windows.
  const extension = await window.extensionFrame();
  for (const frame of [extension, extension.parentFrame()]) {
    const seen = await frame?.evaluate(() => ({
      bridge: 'workbench' in globalThis,
      require: 'require' in globalThis,
      process: 'process' in globalThis,
      popup: globalThis.open('https://example.com') !== null,
    }));
    expect(seen).toEqual({ bridge: false, require: false, process: false, popup: false });
  }
  expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false);
  expect(app.windows()).toHaveLength(1);

  // The window stays on its page, and permissions are denied by default.
  await page.evaluate(() => globalThis.location.assign('https://example.com/'));
  expect(new URL(page.url()).protocol).toBe('xwb:');
  const geolocation = await extension.evaluate(() =>
    navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state),
  );
  expect(geolocation).toBe('denied');
});

function refusal(code: string): object {
  return { ok: false, error: { code } };
}
