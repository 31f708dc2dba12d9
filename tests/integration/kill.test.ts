import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BuildDocument, RunDocument } from '../support/documents.ts';
import { cliFile, temporaryFolder, xwb, xwbJson } from '../support/workbench.ts';

test('a process killed in the middle of a build or an install loses nothing and leaves nothing half-written', async () => {
  await using folder = await temporaryFolder();
  const data = path.join(folder.path, 'data');
  const project = path.join(folder.path, 'killed');
  await xwb(data, 'new', 'handler', project);
  // A stage's line appears as the stage ends: the next one is under way when the process is killed.
  for (const stage of ['handler', 'component', 'pack']) {
    const child = spawn(process.execPath, [cliFile, 'build', project], {
      env: { ...process.env, XWB_DATA_DIR: data },
    });
    const killed = once(child, 'close');
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes(stage)) child.kill('SIGKILL');
    });
    await killed;
    expect(child.signalCode, stage).toBe('SIGKILL');
  }
  const build = await xwbJson(BuildDocument, data, 'build', project);
  expect(build.json).toMatchObject({ ok: true });
  const run = await xwbJson(RunDocument, data, 'run', project, '--path', '/api/status');
  expect(run.json).toMatchObject({ status: 200, error: null });
  const left = (await readdir(path.join(project, 'dist'))).filter(
    name => name.startsWith('.') || name.endsWith('.tmp'),
  );
  expect(left).toEqual([]);
});
