import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, HANDLER_ONLY, toolchain, type Workplace } from '../projects.testing.ts';
import { platformWorld } from '../world.ts';
import { createTemplatesIn, type TemplatesIn } from './native.testing.ts';

const run = promisify(execFile);
const never = new AbortController().signal;
/** Each try makes a template with the real tool: half a minute in all. */
const FULL = process.env['XWB_FULL'] === '1';

/** A disk of its own, which only root may have; elsewhere there is nothing to test on. */
async function mounted(folder: string, size: string): Promise<boolean> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    return true;
  } catch {
    return false;
  }
}
const resize = (size: string): Promise<unknown> => run('mount', ['-o', `remount,size=${size}`, disk]);

const root = await mkdtemp(path.join(tmpdir(), 'full disk-'));
const disk = path.join(root, 'disk');
await mkdir(disk);
const hasDisk = FULL && process.platform === 'linux' && (await mounted(disk, '1m'));

let place: Workplace;
let shop: TemplatesIn;
beforeAll(async () => {
  place = await createWorkplace();
  shop = createTemplatesIn(disk);
});
afterAll(async () => {
  await shop.templates.close();
  if (hasDisk) await run('umount', ['--lazy', disk]);
  await place.dispose();
  await rm(root, { recursive: true });
});

const templatesLeft = (): Promise<string[]> => readdir(path.join(disk, 'engine-template'));

test.runIf(hasDisk)(
  'a disk that fills up at any step is told as such, and nothing half-written is trusted',
  async () => {
    const { wit } = await platformWorld(toolchain);
    const asked = (): Promise<object> => shop.templates.get(wit, 'release', never, () => undefined);
    // The engine alone takes 10 MB, the ingredients 36, with the image base 48.
    for (const size of ['4m', '20m', '40m']) {
      await resize(size);
      await expect(asked(), size).rejects.toMatchObject({ code: 'build.disk-full' });
      expect(await templatesLeft()).toEqual([]);
    }
    // Room for the template but not for what it is compiled to: it works, and is compiled again next time.
    await resize('50m');
    await asked();
    expect(await templatesLeft()).toEqual([await shop.templates.keyOf(wit, 'release')]);
    expect((await readdir(path.join(disk, 'compiled'))).filter(name => name !== 'builder')).toEqual([]);

    const folder = await place.project('p', HANDLER_ONLY);
    const build = (): Promise<{ ok: boolean }> =>
      place.build(folder, { toolchain, templates: shop.templates, cacheDir: path.join(disk, 'cache') });
    await resize('40m');
    await expect(build()).rejects.toMatchObject({ code: 'build.disk-full' });
    await resize('200m');
    expect((await build()).ok).toBe(true);
  },
  300_000,
);
