import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { editorCommand, fileInProject, startEditor } from './editor.ts';

const place = { file: '/p/src/handler.ts', line: 12, column: 5 };
const nothing = (): undefined => undefined;
const only =
  (...names: string[]) =>
  (program: string): string | undefined =>
    names.includes(program) ? `/bin/${program}` : undefined;

describe('editorCommand', () => {
  it('prefers VS Code, at the place', () => {
    expect(
      editorCommand(place, { platform: 'linux', env: { VISUAL: 'subl' }, find: only('code', 'subl') }),
    ).toEqual({
      program: '/bin/code',
      args: ['--goto', '/p/src/handler.ts:12:5'],
    });
  });
  it.each([
    ['subl', ['/p/src/handler.ts:12:5']],
    ['gvim', ['+12', '/p/src/handler.ts']],
    ['webstorm', ['--line', '12', '--column', '4', '/p/src/handler.ts']],
  ])('tells %s from VISUAL the place in its own way', (visual, args) => {
    expect(editorCommand(place, { platform: 'linux', env: { VISUAL: visual }, find: only(visual) })).toEqual({
      program: `/bin/${visual}`,
      args,
    });
  });
  it('keeps the options in VISUAL', () => {
    const env = { VISUAL: 'subl --wait' };
    expect(editorCommand(place, { platform: 'linux', env, find: only('subl') })?.args[0]).toBe('--wait');
  });
  it('does not start a terminal editor, which would have no terminal', () => {
    expect(
      editorCommand(place, { platform: 'linux', env: { VISUAL: 'vim' }, find: only('vim') }),
    ).toBeUndefined();
  });
  it('shows text and never runs it when there is only the system', () => {
    expect(editorCommand(place, { platform: 'win32', env: {}, find: nothing })?.program).toBe('notepad.exe');
    expect(editorCommand(place, { platform: 'darwin', env: {}, find: nothing })?.args[0]).toBe('-t');
    expect(editorCommand(place, { platform: 'linux', env: {}, find: nothing })).toBeUndefined();
  });
});

describe('fileInProject', () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'xwb-editor-')));
  const project = join(base, 'project');
  mkdirSync(join(project, 'src'), { recursive: true });
  mkdirSync(join(base, 'project-two'));
  writeFileSync(join(project, 'src', 'handler.ts'), '');
  writeFileSync(join(base, 'secret'), '');
  writeFileSync(join(base, 'project-two', 'x.ts'), '');
  symlinkSync(join(base, 'secret'), join(project, 'link'));
  afterAll(() => rmSync(base, { recursive: true }));

  it('finds a file of the project', () => {
    expect(fileInProject(project, 'src/handler.ts')).toBe(join(project, 'src', 'handler.ts'));
  });
  it.each(['../secret', '../project-two/x.ts', join(base, 'secret'), 'link', '.', ''])(
    'refuses %s, which is not part of it',
    file => {
      expect(() => fileInProject(project, file)).toThrow(
        expect.objectContaining({ code: 'app.outside-project' }),
      );
    },
  );
  it('says when the file is gone', () => {
    expect(() => fileInProject(project, 'src/gone.ts')).toThrow(
      expect.objectContaining({ code: 'app.file-missing' }),
    );
  });
});

describe('startEditor', () => {
  it('says when the program cannot be started', async () => {
    await expect(startEditor({ program: '/does/not/exist', args: [] })).rejects.toMatchObject({
      code: 'app.editor-failed',
    });
  });
});
