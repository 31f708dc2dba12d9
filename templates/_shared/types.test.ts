import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TEMPLATES = path.resolve(import.meta.dirname, '..');
const MODULES = path.resolve(TEMPLATES, '../node_modules');

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'template-types-'));
  await symlink(MODULES, path.join(root, 'node_modules'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const ids = (await readdir(TEMPLATES, { withFileTypes: true }))
  .filter(entry => entry.isDirectory() && !entry.name.startsWith('_'))
  .map(entry => entry.name);

describe.each(ids)('%s', id => {
  it('has no type errors by its own tsconfig.json', async () => {
    const folder = path.join(root, id);
    await cp(path.join(TEMPLATES, id), folder, { recursive: true });
    const { shared } = JSON.parse(await readFile(path.join(folder, 'template.json'), 'utf8')) as {
      shared: Record<string, string>;
    };
    for (const [to, from] of Object.entries(shared)) {
      await mkdir(path.dirname(path.join(folder, to)), { recursive: true });
      await cp(path.join(TEMPLATES, '_shared', from), path.join(folder, to));
    }
    expect(typeErrors(folder)).toEqual([]);
  });
});

function typeErrors(folder: string): string[] {
  const config = ts.readConfigFile(path.join(folder, 'tsconfig.json'), file => ts.sys.readFile(file));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config.config, ts.sys, folder);
  const program = ts.createProgram(fileNames, { ...options, preserveSymlinks: true });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}
