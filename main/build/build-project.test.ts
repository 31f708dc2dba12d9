import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from './files.ts';
import {
  createWorkplace,
  HANDLER,
  MANIFEST,
  SAMPLE,
  WITHOUT_API,
  WITHOUT_UI,
  writeInto,
  type Workplace,
} from './projects.testing.ts';

let place: Workplace;
beforeAll(async () => {
  place = await createWorkplace();
});
afterAll(async () => {
  await place.dispose();
});

const componentRuns = async () =>
  (await readFile(path.join(place.root, 'runs.txt'), 'utf8')).trim().split('\n').length;

describe('buildProject', () => {
  it('builds handler, component, UI and bundle, and leaves nothing else', async () => {
    const folder = await place.project('whole', SAMPLE);
    const result = await place.build(folder);
    expect(result.problems).toEqual([]);
    expect(result.ok).toBe(true);
    expect(result.ran).toBe('check handler component ui pack');
    expect(result.component?.path).toBe(path.join(folder, 'dist', 'main.wasm'));
    expect(result.bundle).toMatchObject({
      path: path.join(folder, 'dist', 'bundle.tar.zst'),
      contentHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    });
    expect(await listFiles(path.join(folder, 'dist'))).toEqual([
      'bundle.sha256',
      'bundle.tar.zst',
      'main.wasm',
      'ui/index.html',
      'ui/main.js',
      'ui/main.js.map',
    ]);
    const states = result.events.filter(event => event.log === undefined).map(each => each.state);
    expect(states).toEqual(result.stages.flatMap(() => ['start', 'end']));
  });

  it('does nothing twice', async () => {
    const folder = await place.project('twice', SAMPLE);
    const first = await place.build(folder);
    const second = await place.build(folder);
    expect(second.ran).toBe('check handler* component* ui* pack*');
    expect(second.bundle).toEqual(first.bundle);
    expect(second.component).toEqual(first.component);
  });

  it('puts outputs back that were removed', async () => {
    const folder = await place.project('removed', SAMPLE);
    const first = await place.build(folder);
    await rm(path.join(folder, 'dist'), { recursive: true });
    const second = await place.build(folder);
    expect(second.ran).toBe('check handler* component* ui* pack');
    expect(second.bundle).toEqual(first.bundle);
  });

  it('gives the same bundle from another folder', async () => {
    const one = await place.build(await place.project('one', SAMPLE));
    const two = await place.build(await place.project('far away/two', SAMPLE));
    expect(two.bundle?.contentHash).toBe(one.bundle?.contentHash);
  });

  it('rebuilds only what an edit concerns', async () => {
    const folder = await place.project('edits', SAMPLE);
    const first = await place.build(folder);

    await writeInto(folder, 'src/greeting.ts', `export const greeting = 'edited handler';\n`);
    const handler = await place.build(folder);
    expect(handler.ran).toBe('check handler component ui* pack');
    expect(handler.bundle?.contentHash).not.toBe(first.bundle?.contentHash);

    await writeInto(folder, 'ui/main.ts', `document.title = 'edited page';\n`);
    expect((await place.build(folder)).ran).toBe('check handler* component* ui pack');

    const runs = await componentRuns();
    await writeInto(folder, 'src/handler.ts', `// Only a comment.\n${HANDLER}`);
    expect((await place.build(folder)).ran).toBe('check handler component* ui* pack*');

    await writeInto(folder, 'src/greeting.ts', SAMPLE['src/greeting.ts']);
    await writeInto(folder, 'src/handler.ts', HANDLER);
    expect((await place.build(folder)).ran).toBe('check handler* component* ui* pack');
    expect(await componentRuns()).toBe(runs);
  });

  it('sees a new file that takes the place of another', async () => {
    const folder = await place.project('shadow', SAMPLE);
    await place.build(folder);
    await writeInto(folder, 'src/greeting.tsx', `export const greeting = 'from the new file';\n`);
    const result = await place.build(folder);
    expect(result.ran).toBe('check handler component ui* pack');
    expect(await readFile(path.join(folder, 'dist', 'main.wasm'), 'utf8')).toContain('from the new file');
  });

  it('builds a part alone', async () => {
    const ui = await place.project('ui only', {
      'manifest.json': WITHOUT_API,
      'ui/index.html': SAMPLE['ui/index.html'],
      'ui/main.ts': SAMPLE['ui/main.ts'],
    });
    const built = await place.build(ui);
    expect(built).toMatchObject({ ok: true, ran: 'check ui pack' });
    expect(built.component).toBeUndefined();

    const handler = await place.project('handler only', {
      'manifest.json': WITHOUT_UI,
      'src/handler.ts': HANDLER,
      'src/greeting.ts': SAMPLE['src/greeting.ts'],
    });
    expect(await place.build(handler)).toMatchObject({ ok: true, ran: 'check handler component* pack' });
  });

  it('writes the bundle where it is told to', async () => {
    const folder = await place.project('elsewhere', SAMPLE);
    const outFile = path.join(place.root, 'out', 'mine.tar.zst');
    expect((await place.build(folder, { outFile })).bundle?.path).toBe(outFile);
    expect((await readdir(path.join(place.root, 'out'))).sort()).toEqual([
      'mine.tar.zst',
      'mine.tar.zst.sha256',
    ]);
    expect(await readdir(path.join(folder, 'dist'))).not.toContain('bundle.tar.zst');
  });

  it('lets two builds of one project follow each other', async () => {
    const folder = await place.project('at once', SAMPLE);
    const [one, two] = await Promise.all([place.build(folder), place.build(folder)]);
    expect(one.ok && two.ok).toBe(true);
    // Either may be the first.
    expect([one.ran, two.ran]).toContain('check handler* component* ui* pack*');
    expect(two.bundle).toEqual(one.bundle);
  });

  it('refuses what is no project', async () => {
    await expect(place.build(path.join(place.root, 'nowhere'))).rejects.toMatchObject({
      code: 'project.not-a-folder',
    });
  });
});

describe('problems of the source', () => {
  it('stops at a manifest that the platform would refuse', async () => {
    const folder = await place.project('bad manifest', {
      ...SAMPLE,
      'manifest.json': { ...MANIFEST, displayName: 'no such field' },
    });
    const result = await place.build(folder);
    expect(result).toMatchObject({ ok: false, ran: 'check' });
    expect(result.problems[0]).toMatchObject({ severity: 'error', file: 'manifest.json' });
  });

  it('tells file, line, column and frame, and keeps the last good outputs', async () => {
    const folder = await place.project('syntax', SAMPLE);
    const good = await place.build(folder);
    await writeInto(folder, 'src/greeting.ts', `const é = 'ü';\nexport const greeting = 'ä' + ;\n`);
    const result = await place.build(folder);
    expect(result).toMatchObject({ ok: false, ran: 'check handler' });
    expect(result.bundle).toBeUndefined();
    expect(result.problems).toMatchObject([
      {
        code: 'build.source-error',
        severity: 'error',
        file: 'src/greeting.ts',
        line: 2,
        column: 31,
        frame: expect.stringContaining(`> 2 | export const greeting = 'ä' + ;`) as string,
      },
    ]);
    await writeInto(folder, 'src/greeting.ts', SAMPLE['src/greeting.ts']);
    expect(await place.build(folder)).toMatchObject({
      bundle: good.bundle,
      ran: 'check handler* component* ui* pack*',
    });
  });

  it.each([
    [
      'a missing package',
      `import x from 'left-pad';\nexport const greeting = x;`,
      'build.unresolved-import',
      /"dependencies"/,
    ],
    [
      'a module of Node',
      `import x from 'node:fs';\nexport const greeting = x;`,
      'build.unresolved-import',
      /Node/,
    ],
    [
      'a missing file',
      `import x from './nothere';\nexport const greeting = x;`,
      'build.unresolved-import',
      /no such file/,
    ],
    [
      'an unknown interface',
      `import x from 'alga:extension/mail';\nexport const greeting = x;`,
      'build.unknown-interface',
      /alga:extension\/storage/,
    ],
  ])('explains %s', async (name, source, code, help) => {
    const folder = await place.project(`explains ${name.replaceAll(' ', '-')}`, {
      ...SAMPLE,
      'src/greeting.ts': source,
    });
    const { problems } = await place.build(folder);
    expect(problems).toMatchObject([
      { code, file: 'src/greeting.ts', line: 1, help: expect.stringMatching(help) as string },
    ]);
    expect(problems[0]?.column).toBe(15);
  });

  it('says when the handler is not exported, or not there', async () => {
    const folder = await place.project('not exported', {
      ...SAMPLE,
      'src/handler.ts': 'export const handle = () => 1;\n',
    });
    expect((await place.build(folder)).problems).toMatchObject([
      { code: 'build.missing-export', file: 'src/handler.ts', line: 1 },
    ]);
    await rm(path.join(folder, 'src'), { recursive: true });
    const gone = await place.build(folder);
    expect(gone.ok).toBe(false);
    expect(gone.problems.some(problem => problem.severity === 'error')).toBe(true);
  });

  it('passes the bundler’s warnings on, from the cache too', async () => {
    const folder = await place.project('warnings', {
      ...SAMPLE,
      'src/greeting.ts': `export const greeting = JSON.stringify({ a: 1, a: 2 });\n`,
    });
    const first = await place.build(folder);
    const second = await place.build(folder);
    expect(first.problems).toMatchObject([{ code: 'build.source-warning', severity: 'warning', line: 1 }]);
    expect(second).toMatchObject({ ok: true, problems: first.problems });
  });
});
