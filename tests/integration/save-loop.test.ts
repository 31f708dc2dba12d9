import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { watchProject } from '../../main/project/index.ts';
import { Author } from '../support/author.ts';
import { OpenProject } from '../support/open-project.ts';
import { Random } from '../support/random.ts';
import { SaveStorm } from '../support/save-storm.ts';
import { temporaryFolder } from '../support/workbench.ts';

const BURSTS = process.env['XWB_FULL'] === '1' ? 500 : 100;
/** XWB_SEED repeats a run that failed. */
const SEED = Number(process.env['XWB_SEED'] ?? Date.now() % 1_000_000);

test(
  `after any of ${BURSTS} bursts of saves the newest sources answer (XWB_SEED=${SEED})`,
  async () => {
    await using folder = await temporaryFolder();
    const author = await Author.begin(path.join(folder.path, 'stormy'));
    await using project = await OpenProject.open(path.join(folder.path, 'data'), author.folder);
    await project.packed();
    const storm = new SaveStorm(author, project, new Random(SEED));
    await storm.answersNewest();
    for (let at = 0; at < BURSTS; at++) {
      const { saves, loads } = await storm.burst();
      // A pause inside a burst may be long enough for a load; nothing is loaded twice.
      expect(loads, `loads of burst ${at}`).toBeGreaterThan(0);
      expect(loads, `loads of burst ${at}`).toBeLessThanOrEqual(saves);
    }
    expect(storm.builds).toBeGreaterThanOrEqual(BURSTS);

    await project.packed();
    expect(await storm.isNewest()).toBe(true);
    await expectQuiet(project, folder.path, author.folder);
    expect(await storm.isNewest()).toBe(true);
  },
  BURSTS * 2_000,
);

/** What builds and tools write makes nothing run; a folder watched the same way tells when it would have been seen. */
async function expectQuiet(project: OpenProject, folder: string, sources: string): Promise<void> {
  const beside = path.join(folder, 'beside');
  await mkdir(beside);
  await mkdir(path.join(sources, 'dist'), { recursive: true });
  let seen = (): void => undefined;
  const watcher = watchProject(beside, () => seen());
  const changes: unknown[] = [];
  const stop = project.onChange(build => changes.push(build));
  try {
    await watcher.ready;
    for (const time of ['once', 'twice']) {
      const settled = new Promise<void>(resolve => (seen = resolve));
      await writeFile(path.join(sources, 'dist', 'notes.txt'), time);
      await writeFile(path.join(beside, 'seen.txt'), time);
      await settled;
    }
  } finally {
    stop();
    await watcher.close();
  }
  expect(changes).toEqual([]);
}

test('after a restart the first call is answered by the folder as it is now, and nothing is compiled', async () => {
  await using folder = await temporaryFolder();
  const dataDir = path.join(folder.path, 'data');
  const author = await Author.begin(path.join(folder.path, 'restarted'));
  const compiled = async (): Promise<string[]> =>
    (await readdir(path.join(dataDir, 'cache', 'compiled'), { recursive: true }))
      .filter(name => name.endsWith('.cwasm'))
      .sort();
  {
    await using project = await OpenProject.open(dataDir, author.folder);
    await project.packed();
  }
  const before = await compiled();
  await author.save('handler');
  await author.save('lib');

  await using project = await OpenProject.open(dataDir, author.folder);
  const { status, text } = await project.call('/api/greeting');
  expect({ status, body: JSON.parse(text) as unknown }).toEqual({
    status: 200,
    body: { handler: 2, lib: 2 },
  });
  await project.packed();
  expect(project.build.stages.map(({ name }) => name)).not.toContain('compile');
  expect(await compiled()).toEqual(before);
});
