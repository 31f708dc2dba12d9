import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from './folders.testing.ts';
import { readProject } from './index.ts';

const folder = temporaryFolders();
const MANIFEST = { name: 'notes', version: '1.0.0', runtime: 'wasm-js@1' };

describe('readProject', () => {
  it('reads an empty extension', async () => {
    const root = folder({ 'manifest.json': MANIFEST });
    expect(await readProject(root)).toEqual({
      folder: root,
      name: 'notes',
      manifestText: `${JSON.stringify(MANIFEST, undefined, 2)}\n`,
      packageJson: undefined,
      shape: { hasHandler: false, hasUi: false, hasPackageJson: false },
    });
  });

  it.each<[what: string, files: Record<string, string>, expected: string | undefined]>([
    [
      'src/handler.ts before all',
      { 'src/handler.ts': '', 'src/index.ts': 'export { handler } from "./x"', 'handler.ts': '' },
      'src/handler.ts',
    ],
    [
      'src/index.ts that exports it',
      { 'src/index.ts': 'export { handler } from "./x";', 'handler.ts': '' },
      'src/index.ts',
    ],
    ['src/index.ts with export *', { 'src/index.ts': 'export * from "./x";' }, 'src/index.ts'],
    [
      'src/index.ts of a page',
      { 'src/index.ts': '// export handler\nconst handler = 1;\nexport const other = "handler";' },
      undefined,
    ],
    ['handler.ts', { 'handler.ts': '' }, 'handler.ts'],
    ['JavaScript', { 'src/handler.js': '', 'handler.js': '' }, 'src/handler.js'],
    ['none', { 'src/other.ts': '' }, undefined],
  ])('finds the handler: %s', async (_what, files, expected) => {
    const project = await readProject(folder({ 'manifest.json': MANIFEST, ...files }));
    expect(project.handlerEntry).toBe(expected);
    expect(project.shape.hasHandler).toBe(expected !== undefined);
  });

  it.each<[what: string, files: Record<string, unknown>, expected: string | undefined, hasUi: boolean]>([
    [
      'ui/index.html',
      { 'ui/index.html': '', 'src/ui/index.html': '', 'ui/main.ts': '' },
      'ui/index.html',
      true,
    ],
    ['src/ui/index.html', { 'src/ui/index.html': '', 'src/ui/main.tsx': '' }, 'src/ui/index.html', true],
    ['a script without page', { 'src/ui/main.tsx': '' }, 'src/ui/main.tsx', true],
    [
      "Vite's page",
      { 'index.html': '', 'package.json': { devDependencies: { vite: '^8' } } },
      'index.html',
      true,
    ],
    ['a page at the top without Vite', { 'index.html': '' }, undefined, false],
    ['a folder without page', { 'ui/logo.svg': '' }, undefined, true],
    ['only what was built', { 'dist/ui/index.html': '' }, undefined, false],
  ])('finds the page: %s', async (_what, files, expected, hasUi) => {
    const project = await readProject(folder({ 'manifest.json': MANIFEST, ...files }));
    expect(project.uiEntry).toBe(expected);
    expect(project.shape.hasUi).toBe(hasUi);
  });

  it.each([
    ['node build.mjs', 'node build.mjs'],
    ['tsc && alga build', undefined],
    ['alga  build', 'alga  build'],
    ['', undefined],
    [undefined, undefined],
  ])('takes the build script %j for its own: %j (spec 11.2 rule 5)', async (build, expected) => {
    const project = await readProject(folder({ 'package.json': { name: 'n', scripts: { build } } }));
    expect(project.shape.buildScript).toBe(expected);
  });

  it('finds the world, and the name where it stands', async () => {
    expect((await readProject(folder({ 'manifest.json': MANIFEST, 'wit/ext.wit': '' }))).witDir).toBe('wit');
    expect((await readProject(folder({ 'manifest.json': '{}', 'package.json': { name: 'pkg' } }))).name).toBe(
      'pkg',
    );
    const bare = folder({ 'manifest.json': 'broken' });
    expect((await readProject(bare)).name).toBe(basename(bare));
  });

  it('bears broken files: other rooms say what is wrong with them', async () => {
    const project = await readProject(folder({ 'manifest.json': '{', 'package.json': '[]' }));
    expect(project).toMatchObject({ manifestText: '{', packageJson: undefined });
    expect(project.shape.hasPackageJson).toBe(true);
  });

  it('refuses what is no project', async () => {
    const root = folder();
    await expect(readProject(root)).rejects.toMatchObject({ code: 'project.no-manifest' });
    await expect(readProject(join(root, 'gone'))).rejects.toMatchObject({ code: 'project.not-a-folder' });
    writeFileSync(join(root, 'file'), '');
    await expect(readProject(join(root, 'file'))).rejects.toMatchObject({ code: 'project.not-a-folder' });
    await expect(readProject(folder({ 'manifest.json/x': '' }))).rejects.toMatchObject({
      code: 'project.unreadable',
    });
  });
});
