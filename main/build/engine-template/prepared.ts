import { copyFile, link, mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { isFolder, renameUnlessThere } from '../files.ts';
import { MAKING } from './making.ts';

/**
 * Puts a template that came with the workbench into the folder of templates, as links where the disk allows.
 *
 * @param source folder of the template as it was shipped
 * @returns whether there was one; `folder` appears whole or not at all
 */
export async function placePrepared(source: string, folder: string): Promise<boolean> {
  if (!(await isFolder(source))) return false;
  const staging = await mkdtemp(path.join(path.dirname(folder), MAKING));
  try {
    for (const name of await readdir(source)) {
      const [from, to] = [path.join(source, name), path.join(staging, name)];
      // Another disk, or somebody else's file: a copy is as good.
      await link(from, to).catch(() => copyFile(from, to));
    }
    await renameUnlessThere(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return true;
}
