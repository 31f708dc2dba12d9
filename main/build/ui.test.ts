import { mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from './files.ts';
import {
  createWorkplace,
  PAGE,
  toolchain,
  WITHOUT_API,
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

const ui = (name: string, files: Record<string, string>) =>
  place.project(name, { 'manifest.json': WITHOUT_API, ...files });
const outputs = (folder: string) => listFiles(path.join(folder, 'dist', 'ui'));
const output = (folder: string, file: string) => readFile(path.join(folder, 'dist', 'ui', file), 'utf8');

describe('a UI that browsers take as it is', () => {
  const PLAIN = `<link rel="stylesheet" href="./a.css"><script type="module" src="./app.js"></script>`;

  it('is copied, hidden files left out', async () => {
    const folder = await ui('plain', {
      'ui/index.html': PLAIN,
      'ui/a.css': '@import "./b.css";',
      'ui/b.css': 'p { color: red }',
      'ui/app.js': `import { x } from './lib/x.js';\nconsole.log(x);`,
      'ui/lib/x.js': 'export const x = 1;',
      'ui/img/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'ui/.DS_Store': 'x',
    });
    expect(await place.build(folder)).toMatchObject({ ok: true, ran: 'check ui pack' });
    expect(await outputs(folder)).toEqual([
      'a.css',
      'app.js',
      'b.css',
      'img/logo.svg',
      'index.html',
      'lib/x.js',
    ]);
    expect(await output(folder, 'index.html')).toBe(PLAIN);
    expect(await output(folder, 'app.js')).toContain(`from './lib/x.js'`);
  });

  it('loses files that were removed', async () => {
    const folder = await ui('shrinks', { 'ui/index.html': '<p>x</p>', 'ui/old.json': '{}' });
    await place.build(folder);
    expect(await outputs(folder)).toContain('old.json');
    const other = await ui('shrinks too', { 'ui/index.html': '<p>x</p>' });
    await place.build(other);
    expect(await outputs(other)).toEqual(['index.html']);
  });

  it('is bundled as soon as it imports a package', async () => {
    const folder = await ui('bare', {
      'ui/index.html': '<script type="module" src="app.js"></script>',
      'ui/app.js': `import { emptyResponse } from '@alga-psa/extension-runtime';\nconsole.log(emptyResponse());`,
    });
    expect((await place.build(folder)).ok).toBe(true);
    expect(await output(folder, 'app.js')).not.toContain('import');
  });
});

describe('a UI that needs bundling', () => {
  it('keeps addresses relative, adds imported styles and carries assets', async () => {
    const folder = await ui('bundled', {
      'ui/index.html': `<head><link rel="stylesheet" href="/main.css"></head><script src="./classic.js"></script><script type="module" src="/main.tsx"></script>`,
      'ui/main.css': `body { background: url('./img/bg.svg') }`,
      'ui/img/bg.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'ui/classic.js': 'var shared = 1;',
      'ui/main.tsx': `import './own.css';\nimport { createRoot } from 'react-dom/client';\nif (process.env.NODE_ENV !== 'production') document.title = 'development';\ncreateRoot(document.body).render(<b className="own">hi</b>);`,
      'ui/own.css': '.own { color: green }',
      'ui/helper.ts': 'export const unused = 1;',
      'ui/robots.json': '{}',
    });
    const result = await place.build(folder);
    expect(result.problems.filter(problem => problem.severity === 'error')).toEqual([]);
    const files = await outputs(folder);
    expect(files.filter(name => !name.endsWith('.map'))).toEqual([
      expect.stringMatching(/^assets\/bg-[A-Z0-9]+\.svg$/) as string,
      'classic.js',
      'index.html',
      'main.css',
      'main.js',
      'main.page.css',
      'robots.json',
    ]);
    const page = await output(folder, 'index.html');
    expect(page).toContain('src="./main.js"');
    expect(page).toContain('src="./classic.js"');
    expect(page).toContain('<link rel="stylesheet" href="./main.css" />');
    expect(page).not.toMatch(/(?:src|href)="\//);
    const script = await output(folder, 'main.js');
    expect(script).not.toContain('development');
    expect(script).not.toContain('base64,');
    const map = JSON.parse(await output(folder, 'main.js.map')) as { sources: string[] };
    expect(map.sources).toContain('ui/main.tsx');
    expect(map.sources.every(source => /^(?:ui|node_modules)\//.test(source))).toBe(true);
  });

  it('makes TypeScript without a type a module', async () => {
    const folder = await ui('untyped', {
      'ui/index.html': '<script src="./main.ts"></script>',
      'ui/main.ts': 'export const x: number = 1;',
    });
    await place.build(folder);
    expect(await output(folder, 'index.html')).toBe('<script src="./main.js" type="module"></script>');
  });

  it('makes a page for a script that has none', async () => {
    const folder = await ui('pageless', { 'src/ui/main.ts': `document.body.append('hi');` });
    expect((await place.build(folder)).ok).toBe(true);
    expect(await output(folder, 'index.html')).toContain('src="./main.js"');
  });

  it('tells the place of an error', async () => {
    const folder = await ui('broken', { 'ui/index.html': PAGE, 'ui/main.ts': 'const a = 1;\nconst b = ;\n' });
    const result = await place.build(folder);
    expect(result).toMatchObject({ ok: false, ran: 'check ui' });
    expect(result.problems.at(-1)).toMatchObject({
      code: 'build.source-error',
      file: 'ui/main.ts',
      line: 2,
      column: 11,
    });
  });

  it('tells the place of a file that is not there', async () => {
    const folder = await ui('missing', { 'ui/index.html': PAGE });
    const { problems } = await place.build(folder);
    expect(problems).toContainEqual(
      expect.objectContaining({ code: 'build.ui-missing-file', file: 'ui/index.html', line: 4 }),
    );
  });

  it('rebuilds for a new file, and not without a change', async () => {
    const folder = await ui('grows', { 'ui/index.html': PAGE, 'ui/main.ts': 'export {};' });
    await place.build(folder);
    expect((await place.build(folder)).ran).toBe('check ui* pack*');
    await writeInto(folder, 'ui/data.json', '{}');
    expect((await place.build(folder)).ran).toBe('check ui pack');
    expect(await outputs(folder)).toContain('data.json');
  });
});

describe('a UI with its own Vite', () => {
  it('is built by it with a relative base, and its errors are reported', async () => {
    const folder = await ui('own vite', {
      'package.json': JSON.stringify({ name: 'x', private: true, devDependencies: { vite: '*' } }),
      'ui/index.html': PAGE,
      'ui/main.ts': `document.title = import.meta.env.BASE_URL;`,
    });
    await mkdir(path.join(folder, 'node_modules'));
    await symlink(path.join(toolchain.modulesDir, 'vite'), path.join(folder, 'node_modules', 'vite'));
    const result = await place.build(folder);
    expect(result.problems.filter(problem => problem.severity === 'error')).toEqual([]);
    expect(result.ran).toBe('check dependencies* ui pack');
    expect(result.events.some(event => event.log?.includes('vite'))).toBe(true);
    expect(await output(folder, 'index.html')).toMatch(/src="\.\/assets\/index-[\w-]+\.js"/);
    expect((await place.build(folder)).ran).toBe('check dependencies* ui* pack*');

    await writeInto(folder, 'ui/main.ts', 'const a = 1;\nconst b = ;\n');
    const broken = await place.build(folder);
    expect(broken.problems.at(-1)).toMatchObject({
      code: 'build.ui-failed',
      file: 'ui/main.ts',
      line: 2,
      column: 11,
      message: expect.stringContaining('Unexpected token') as string,
    });
    expect(await output(folder, 'index.html')).toContain('./assets/');
  });
});
