import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readProject } from '../project/index.ts';
import { createRun, type BuildRun } from './build-run.ts';
import { listFiles } from './files.ts';
import { createWorkplace, toolchain, WITHOUT_API, type Workplace } from './projects.testing.ts';
import { bundleUi } from './ui-esbuild.ts';
import { LiveUi } from './ui-live.ts';

let place: Workplace;
const live = new LiveUi();
beforeAll(async () => {
  place = await createWorkplace();
});
afterAll(async () => {
  await live.dispose();
  await place.dispose();
});

const FILES = {
  'ui/index.html': `<head></head><script type="module" src="./main.ts"></script>`,
  'ui/main.ts': `import { text } from './text.ts';\nimport './own.css';\ndocument.title = text;`,
  'ui/text.ts': `export const text = 'one';`,
  'ui/own.css': 'p { color: green }',
  'ui/img/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
};

async function project(name: string, files: Record<string, string> = FILES): Promise<BuildRun> {
  const folder = await place.project(name, { 'manifest.json': WITHOUT_API, ...files });
  const manifest = { name, version: '1.0.0', runtime: 'wasm-js@1', capabilities: [], endpoints: [] };
  const options = { cacheDir: path.join(folder, '..', `${name} cache`), toolchain };
  return createRun(await readProject(folder), manifest, options, new AbortController().signal);
}

const contents = async (folder: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      (await listFiles(folder)).map(async file => [file, await readFile(path.join(folder, file), 'utf8')]),
    ),
  ) as Record<string, string>;

it('makes the very files that the bundle gets, save after save', async () => {
  const run = await project('same');
  for (const word of ['one', 'two', 'three']) {
    await writeFile(path.join(run.folder, 'ui/text.ts'), `export const text = '${word}';`);
    const { value } = await live.make(run, 'ui/index.html');
    const made = await contents(value.dir);
    expect(made['main.js']).toContain(word);
    expect(made).toEqual(await contents((await bundleUi(run, 'ui/index.html')).value.dir));
  }
});

it('gives runs that overlap what was saved before each began', async () => {
  const run = await project('overlapping');
  const runs: Promise<void>[] = [];
  for (let at = 0; at < 6; at++) {
    // As some editors save: the file is there, whole, at all times.
    await writeFile(path.join(run.folder, 'text.ts'), `export const text = 'revision ${at}.';`);
    await rename(path.join(run.folder, 'text.ts'), path.join(run.folder, 'ui/text.ts'));
    const made = live.make(run, 'ui/index.html');
    runs.push(
      made.then(async ({ value }) => expect(newest(await contents(value.dir))).toBeGreaterThanOrEqual(at)),
    );
  }
  await Promise.all(runs);
});

const newest = (files: Record<string, string>): number =>
  Number(/revision (\d+)\./.exec(files['main.js'] ?? '')?.[1]);

it('keeps the folder of pages that come out the same', async () => {
  const run = await project('unchanged');
  const before = await live.make(run, 'ui/index.html');
  await writeFile(path.join(run.folder, 'ui/unused.ts'), 'export {};');
  const after = await live.make(run, 'ui/index.html');
  expect(after).toMatchObject({ cached: true, value: { dir: before.value.dir, key: before.value.key } });
});

it('tells an error at its place, and goes on once it is mended', async () => {
  const run = await project('broken');
  const file = path.join(run.folder, 'ui/text.ts');
  await writeFile(file, `export const text = ;`);
  await expect(live.make(run, 'ui/index.html')).rejects.toMatchObject({
    problems: [{ file: 'ui/text.ts', line: 1, severity: 'error' }],
  });
  await writeFile(file, FILES['ui/text.ts']);
  expect((await live.make(run, 'ui/index.html')).value.warnings).toEqual([]);
});

it('copies pages that browsers take as they are', async () => {
  const files = { 'ui/index.html': `<script type="module" src="./a.js"></script>`, 'ui/a.js': 'let a = 1;' };
  const run = await project('plain', files);
  const { value } = await live.make(run, 'ui/index.html');
  expect(await contents(value.dir)).toEqual({
    'index.html': files['ui/index.html'],
    'a.js': files['ui/a.js'],
  });
});
