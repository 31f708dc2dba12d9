import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isFolder, removeLeftovers } from './files.ts';

const PREFIX = 'xwb-component-';

/** A folder for as long as `work` runs. The component tool splits its arguments at spaces, so the path has none. */
export async function inWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const place = await folderWithoutSpaces();
  await removeLeftovers(place, [PREFIX]);
  const folder = await mkdtemp(path.join(place, PREFIX));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function folderWithoutSpaces(): Promise<string> {
  const places =
    process.platform === 'win32'
      ? [tmpdir(), `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\Temp`]
      : [tmpdir(), '/tmp', '/var/tmp'];
  for (const place of places) if (!/\s/.test(place) && (await isFolder(place))) return place;
  return tmpdir();
}
