import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, textOf } from './folders.testing.ts';
import { createFromTemplate, listTemplates } from './index.ts';

const folder = temporaryFolders();
const BINARY = Buffer.concat([Buffer.from('__PACKAGE_NAME__'), Buffer.from([0, 255])]);

function templates(): string {
  return folder({
    'second/template.json': { title: 'Second', description: 'b', order: 2 },
    'first/template.json': { title: 'First', description: 'a', order: 1, shared: { 'src/lib.ts': 'lib.ts' } },
    'first/manifest.json': { name: '__PACKAGE_NAME__' },
    'first/_gitignore': 'dist/\n',
    'first/ui/_gitignore': 'x\n',
    'first/src/deep/a.ts': '// __PACKAGE_NAME__ and __PACKAGE_NAME__',
    'first/logo.png': BINARY,
    'first/node_modules/x/index.js': '',
    'first/dist/main.wasm': '',
    '_shared/lib.ts': '// for __PACKAGE_NAME__',
    'no-template/readme.md': '',
    'README.md': '',
  });
}

describe('listTemplates', () => {
  it('lists folders with a template.json in their order', async () => {
    expect(await listTemplates(templates())).toEqual([
      { id: 'first', title: 'First', description: 'a' },
      { id: 'second', title: 'Second', description: 'b' },
    ]);
  });

  it.each(['{', '{}', '{"title":"t","description":"d","order":"1"}'])(
    'says so when one is damaged: %s',
    async text => {
      await expect(listTemplates(folder({ 'bad/template.json': text }))).rejects.toMatchObject({
        code: 'project.bad-template',
      });
    },
  );

  it('says so when there are none at all', async () => {
    await expect(listTemplates(join(folder(), 'gone'))).rejects.toMatchObject({
      code: 'project.bad-template',
    });
  });
});

describe('createFromTemplate', () => {
  const create = (target: string, templateId = 'first', templatesDir = templates()) =>
    createFromTemplate({ templatesDir, templateId, folder: target });

  it('lays out the template under its new name', async () => {
    const parent = folder();
    const target = join(parent, 'sub', 'My Ünïcode Ext_1');
    await create(target);
    const files = readdirSync(target, { recursive: true, withFileTypes: true }).filter(entry =>
      entry.isFile(),
    );
    expect(files.map(entry => entry.name).sort()).toEqual([
      '.gitignore',
      '.gitignore',
      'a.ts',
      'lib.ts',
      'logo.png',
      'manifest.json',
    ]);
    expect(JSON.parse(textOf(target, 'manifest.json'))).toEqual({ name: 'my-unicode-ext-1' });
    expect(textOf(target, 'src/deep/a.ts')).toBe('// my-unicode-ext-1 and my-unicode-ext-1');
    expect(textOf(target, 'src/lib.ts')).toBe('// for my-unicode-ext-1');
    expect(textOf(target, 'logo.png')).toBe(BINARY.toString('utf8'));
    expect(readdirSync(join(parent, 'sub'))).toEqual(['My Ünïcode Ext_1']);
  });

  it('takes an empty folder', async () => {
    const target = folder();
    await create(target);
    expect(existsSync(join(target, 'manifest.json'))).toBe(true);
  });

  it('touches neither a folder with something in it nor a file', async () => {
    const target = folder({ keep: 'me' });
    await expect(create(target)).rejects.toMatchObject({ code: 'project.folder-not-empty' });
    await expect(create(join(target, 'keep'))).rejects.toMatchObject({ code: 'project.folder-not-empty' });
    expect(textOf(target, 'keep')).toBe('me');
  });

  it.each(['second/..', '..', '_shared', 'no-template', ''])('knows no template %j', async id => {
    await expect(create(join(folder(), 'x'), id)).rejects.toMatchObject({ code: 'project.unknown-template' });
  });

  it.each(['___', '日本'])('makes no name of %s', async name => {
    await expect(create(join(folder(), name))).rejects.toMatchObject({ code: 'project.bad-name' });
  });

  it('leaves nothing behind when it fails', async () => {
    const parent = folder();
    const dir = folder({
      't/template.json': { title: 't', description: 'd', order: 1, shared: { 'a.ts': 'gone.ts' } },
    });
    await expect(create(join(parent, 'x'), 't', dir)).rejects.toMatchObject({ code: 'project.bad-template' });
    writeFileSync(join(parent, 'file'), '');
    await expect(create(join(parent, 'file', 'x'))).rejects.toMatchObject({ code: 'project.write-failed' });
    expect(readdirSync(parent)).toEqual(['file']);
  });
});
