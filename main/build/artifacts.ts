import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, isFolder, listFiles, removeLeftovers, renameUnlessThere } from './files.ts';

/** What is kept, and how many of each: a component is 12 MB, the others are small. */
const LIMITS = { handler: 64, component: 24, ui: 32, 'live-ui': 8 } as const;
export type ArtifactKind = keyof typeof LIMITS;

/** Results of stages, each in a folder named by the hash of what it was made from. A folder never changes. */
export interface Artifacts {
  /** The folder made from these inputs by an earlier build. */
  find(kind: ArtifactKind, key: string): Promise<string | undefined>;
  /** Makes the folder: `fill` writes into a staging folder, which appears under its name whole or not at all. */
  create(kind: ArtifactKind, key: string, fill: (folder: string) => Promise<void>): Promise<string>;
  /** As {@link create}, for what nobody will look for: the folder has a name of its own, and need not outlive a power cut. */
  createPassing(kind: ArtifactKind, fill: (folder: string) => Promise<void>): Promise<string>;
}

/** Folders in use, and how often: they outlive the limits. */
const held = new Map<string, number>();

/** Keeps the folder of an artifact until the returned function is called; this process's builds leave it alone. */
export function holdArtifact(folder: string): () => void {
  held.set(folder, (held.get(folder) ?? 0) + 1);
  return () => {
    const left = (held.get(folder) ?? 1) - 1;
    if (left > 0) held.set(folder, left);
    else held.delete(folder);
  };
}

/** Artifacts below `root`; the least recently used ones beyond the limits are removed, unless they are held. */
export function createArtifacts(root: string): Artifacts {
  const place = (kind: ArtifactKind, key: string): string => path.join(root, kind, key);
  const create = async (
    kind: ArtifactKind,
    key: string,
    fill: (folder: string) => Promise<void>,
  ): Promise<string> => {
    const folder = place(kind, key);
    await removeLeftovers(path.join(root, 'staging'), ['']);
    const staging = path.join(root, 'staging', randomUUID());
    await mkdir(staging, { recursive: true });
    await mkdir(path.dirname(folder), { recursive: true });
    try {
      await fill(staging);
      await renameUnlessThere(staging, folder);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
    await prune(path.dirname(folder), LIMITS[kind], key);
    return folder;
  };
  return {
    async find(kind, key) {
      const folder = place(kind, key);
      if (!(await isFolder(folder))) return undefined;
      await touch(folder);
      return folder;
    },
    create: (kind, key, fill) =>
      create(kind, key, async staging => {
        await fill(staging);
        await syncFiles(staging);
      }),
    createPassing: (kind, fill) => create(kind, randomUUID(), fill),
  };
}

async function touch(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now);
}

/** A rename may reach the disk before the content does: without this a power cut could leave empty files. */
async function syncFiles(folder: string): Promise<void> {
  for (const name of await listFiles(folder)) {
    const handle = await open(path.join(folder, name), 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

async function prune(folder: string, limit: number, keep: string): Promise<void> {
  const names = (await readdir(folder)).filter(name => name !== keep);
  const aged = await Promise.all(
    names.map(async name => {
      const found = await stat(path.join(folder, name)).catch(ignoreMissing);
      return { name, usedAt: found?.mtimeMs ?? 0 };
    }),
  );
  aged.sort((a, b) => b.usedAt - a.usedAt);
  for (const { name } of aged.slice(limit - 1)) {
    const old = path.join(folder, name);
    if (!held.has(old)) await rm(old, { recursive: true, force: true });
  }
}
