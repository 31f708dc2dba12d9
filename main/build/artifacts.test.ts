import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArtifacts, holdArtifact } from './artifacts.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'artifacts-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const fill = (text: string) => (folder: string) => writeFile(path.join(folder, 'a.txt'), text);

describe('createArtifacts', () => {
  it('keeps what was made under its key', async () => {
    const artifacts = createArtifacts(root);
    expect(await artifacts.find('ui', 'k')).toBeUndefined();
    const made = await artifacts.create('ui', 'k', fill('one'));
    expect(await readFile(path.join(made, 'a.txt'), 'utf8')).toBe('one');
    expect(await createArtifacts(root).find('ui', 'k')).toBe(made);
    expect(await artifacts.find('handler', 'k')).toBeUndefined();
  });

  it('shows nothing of what failed half way', async () => {
    const artifacts = createArtifacts(root);
    const failing = artifacts.create('ui', 'k', async folder => {
      await fill('half')(folder);
      throw new Error('stopped');
    });
    await expect(failing).rejects.toThrow('stopped');
    expect(await artifacts.find('ui', 'k')).toBeUndefined();
    expect(await readdir(path.join(root, 'staging'))).toEqual([]);
  });

  it('takes the other one when two make the same', async () => {
    const artifacts = createArtifacts(root);
    const made = await Promise.all(['one', 'two'].map(text => artifacts.create('ui', 'k', fill(text))));
    expect(new Set(made).size).toBe(1);
    expect(['one', 'two']).toContain(await readFile(path.join(made[0] ?? '', 'a.txt'), 'utf8'));
  });

  it('forgets the least recently used beyond its limit', async () => {
    const artifacts = createArtifacts(root);
    for (let n = 0; n < 24; n++) {
      const folder = await artifacts.create('component', `k${n}`, fill('x'));
      await utimes(folder, n, n);
    }
    await artifacts.find('component', 'k0');
    await artifacts.create('component', 'new', fill('x'));
    expect(await readdir(path.join(root, 'component'))).toHaveLength(24);
    expect(await artifacts.find('component', 'k0')).toBeDefined();
    expect(await artifacts.find('component', 'k1')).toBeUndefined();
    expect(await artifacts.find('component', 'k2')).toBeDefined();
  });

  it('leaves alone what is held, for as long as anybody holds it', async () => {
    const artifacts = createArtifacts(root);
    const folder = await artifacts.create('component', 'held', fill('x'));
    await utimes(folder, 0, 0);
    const releases = [holdArtifact(folder), holdArtifact(folder)];
    const more = async (from: number): Promise<void> => {
      for (let n = from; n < from + 24; n++) await artifacts.create('component', `k${n}`, fill('x'));
    };
    await more(0);
    releases.pop()?.();
    await more(24);
    expect(await readdir(path.dirname(folder))).toContain('held');
    releases.pop()?.();
    await more(48);
    expect(await readdir(path.dirname(folder))).not.toContain('held');
  });
});
