import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createRunner } from '../../main/runner/index.ts';
import { BuildDocument, RunDocument } from '../support/documents.ts';
import { cliFile, root, temporaryFolder, xwb, xwbJson } from '../support/workbench.ts';

const addonPath = path.join(root, 'native', 'binding', 'xwb-native.node');
/** Two compiles of 12 MB, on a machine that may have little time for them. */
const COMPILES_MS = 400_000;
const UNFINISHED = '.unfinished-';
/** Leftovers of this age are nobody's any more. */
const LONG_AGO = new Date(Date.now() - 2 * 60 * 60 * 1000);

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

/** Starts to compile in a process that is killed as soon as `moment` says so; gives what is in the cache then. */
async function killedCompile(
  cacheDir: string,
  component: string,
  moment: (child: ChildProcess, kill: () => void) => () => void,
): Promise<string[]> {
  await mkdir(cacheDir, { recursive: true });
  const worker = path.join(import.meta.dirname, 'compile.testing.ts');
  const child = spawn(process.execPath, [worker, addonPath, cacheDir, component]);
  const closed = once(child, 'close');
  const stop = moment(child, () => child.kill('SIGKILL'));
  await closed;
  stop();
  expect(child.signalCode).toBe('SIGKILL');
  return await readdir(cacheDir);
}

const whileCompiling = (child: ChildProcess, kill: () => void): (() => void) => {
  child.stdout?.once('data', kill);
  return () => undefined;
};

const whileWriting =
  (cacheDir: string) =>
  (_child: ChildProcess, kill: () => void): (() => void) => {
    const watcher = watch(cacheDir, (_event, name) => {
      if (name?.startsWith(UNFINISHED)) kill();
    });
    return () => watcher.close();
  };

test(
  'a process killed while it compiles or writes what it compiled leaves nothing that is trusted',
  async () => {
    await using folder = await temporaryFolder();
    const project = path.join(folder.path, 'compiled');
    const data = path.join(folder.path, 'data');
    await xwb(data, 'new', 'handler', project);
    const { json } = await xwbJson(BuildDocument, data, 'build', project);
    const component = json.component?.path ?? '';
    const cacheDir = path.join(folder.path, 'cache');

    expect(await killedCompile(cacheDir, component, whileCompiling)).toEqual([]);
    const [left, ...more] = await killedCompile(cacheDir, component, whileWriting(cacheDir));
    expect(left).toMatch(UNFINISHED);
    expect(more).toEqual([]);

    // The next start compiles: there is nothing else that it could run. It clears away what nobody writes to any more.
    await utimes(path.join(cacheDir, left ?? ''), LONG_AGO, LONG_AGO);
    const runner = createRunner({ addonPath, cacheDir });
    try {
      const { response } = await runner.execute({
        componentPath: component,
        request: {
          context: { tenantId: 't', extensionId: 'e' },
          http: { method: 'GET', url: '/api/status', headers: [] },
        },
        limits: {},
        host: () => Promise.resolve({ value: { err: 'not-available' } }),
      });
      expect(response?.status).toBe(200);
    } finally {
      await runner.close();
    }
    // The code that builds of this project share, and this build.
    const names = await readdir(cacheDir);
    expect(names.map(name => path.extname(name))).toEqual(['.cwasm', '.cwasm']);
  },
  COMPILES_MS,
);
