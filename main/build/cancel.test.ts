import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listFiles } from './files.ts';
import { createWorkplace, SAMPLE, type Workplace } from './projects.testing.ts';

let place: Workplace;
beforeAll(async () => {
  place = await createWorkplace();
});
afterAll(async () => {
  await place.dispose();
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('cancel', () => {
  it('does not begin when it is cancelled already', async () => {
    const folder = await place.project('before', SAMPLE);
    const building = place.build(folder, { signal: AbortSignal.abort() });
    await expect(building).rejects.toMatchObject({ code: 'build.cancelled' });
  });

  it('ends the component tool and what it started, leaves nothing half done, and can build again', async () => {
    const folder = await place.project('during', SAMPLE);
    const controller = new AbortController();
    const building = place.build(folder, { toolchain: place.hanging, signal: controller.signal });
    const outcome = building.catch((error: unknown) => error);
    const pids = await vi.waitFor(
      async () => JSON.parse(await readFile(path.join(place.root, 'pids.json'), 'utf8')) as number[],
      { timeout: 30_000, interval: 20 },
    );
    expect(pids.map(isRunning)).toEqual([true, true]);
    controller.abort();
    expect(await outcome).toMatchObject({ code: 'build.cancelled' });
    await vi.waitFor(() => expect(pids.map(isRunning)).toEqual([false, false]), { timeout: 30_000 });

    expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'src', 'ui']);
    const artifacts = await listFiles(path.join(place.root, 'the cache', 'artifacts'));
    expect(artifacts.filter(name => !name.startsWith('handler/'))).toEqual([]);
    expect(await place.build(folder)).toMatchObject({ ok: true, ran: 'check handler* component ui pack' });
  });

  it('frees the project for the build that waits', async () => {
    const folder = await place.project('waiting', SAMPLE);
    const controller = new AbortController();
    const first = place.build(folder, {
      toolchain: place.hanging,
      signal: controller.signal,
      onStage: event => {
        if (event.stage === 'component') controller.abort();
      },
    });
    const second = place.build(folder);
    await expect(first).rejects.toMatchObject({ code: 'build.cancelled' });
    expect((await second).ok).toBe(true);
  });
});
