import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hashParts,
  isInside,
  listFiles,
  placeFile,
  placeFolder,
  relativePath,
  removeLeftovers,
  writeAtomic,
} from './files.ts';

let root: string;
const at = (...parts: string[]) => path.join(root, ...parts);
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'files-'));
  await mkdir(at('from', 'sub'), { recursive: true });
  await writeFile(at('from', 'a.txt'), 'a');
  await writeFile(at('from', 'sub', 'b.txt'), 'b');
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('files', () => {
  it('writes whole files and leaves nothing beside them', async () => {
    await writeAtomic(at('x', 'y.txt'), 'one');
    await writeAtomic(at('x', 'y.txt'), 'two');
    expect(await readFile(at('x', 'y.txt'), 'utf8')).toBe('two');
    expect(await readdir(at('x'))).toEqual(['y.txt']);
  });

  it('does not touch a file that has the content already', async () => {
    await placeFile(at('from', 'a.txt'), at('to', 'a.txt'));
    const before = await stat(at('to', 'a.txt'));
    await placeFile(at('from', 'a.txt'), at('to', 'a.txt'));
    expect((await stat(at('to', 'a.txt'))).ino).toBe(before.ino);
    await placeFile(at('from', 'sub', 'b.txt'), at('to', 'a.txt'));
    expect(await readFile(at('to', 'a.txt'), 'utf8')).toBe('b');
  });

  it('replaces a folder as a whole', async () => {
    await writeAtomic(at('to', 'old.txt'), 'old');
    await placeFolder(at('from'), at('to'));
    expect(await listFiles(at('to'))).toEqual(['a.txt', 'sub/b.txt']);
    expect((await readdir(root)).sort()).toEqual(['from', 'to']);
  });

  it('leaves out what is not wanted', async () => {
    expect(await listFiles(at('from'), (name, isFolder) => isFolder && name === 'sub')).toEqual(['a.txt']);
  });

  it('counts a link as the file it leads to', async () => {
    await symlink(at('from', 'a.txt'), at('from', 'link.txt'));
    await symlink(at('from'), at('from', 'sub', 'circle'));
    expect(await listFiles(at('from'))).toEqual(['a.txt', 'link.txt', 'sub/b.txt']);
  });

  it('clears away old leftovers only', async () => {
    for (const name of ['.ui.old', '.ui.new', 'ui']) await mkdir(at(name));
    await utimes(at('.ui.old'), 1, 1);
    await utimes(at('ui'), 1, 1);
    await removeLeftovers(root, ['.ui.']);
    expect((await readdir(root)).sort()).toEqual(['.ui.new', 'from', 'ui']);
    await removeLeftovers(at('nowhere'), ['x']);
  });

  it('keeps parts of a hash apart', () => {
    expect(hashParts(['ab', 'c'])).not.toBe(hashParts(['a', 'bc']));
  });

  it('tells inside from outside', () => {
    expect(isInside(relativePath(at('from'), at('from', 'sub', 'b.txt')))).toBe(true);
    expect(isInside(relativePath(at('from'), at('other.txt')))).toBe(false);
    expect(isInside('..hidden')).toBe(true);
  });
});
