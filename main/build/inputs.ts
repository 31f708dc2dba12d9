import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { z } from 'zod';
import { hashFile, hashParts, ignoreMissing, isInside, relativePath } from './files.ts';

/** Which files the result of a bundler run depends on; paths relative to the project. */
export const InputList = z.object({ files: z.array(z.string()), folders: z.array(z.string()) });
export type InputList = z.infer<typeof InputList>;

/** Files that steer how the sources are read, though the bundler does not list them. */
const SETTINGS = ['package.json', 'tsconfig.json', 'jsconfig.json', 'node_modules/.package-lock.json'];

/**
 * The inputs that esbuild read, and the folders it looked into: a new file may take the place of another.
 *
 * @param extra further files, relative to the project
 */
export function inputsOf(folder: string, metafile: Metafile, extra: readonly string[] = []): InputList {
  const files = Object.keys(metafile.inputs)
    .filter(input => !input.startsWith('<') && !/^[a-z-]+:/.test(input.replace(/^[A-Za-z]:[\\/]/, '')))
    .map(input => relativePath(folder, path.resolve(folder, input)));
  const all = [...new Set([...files, ...extra, ...SETTINGS])].sort();
  const own = all.filter(file => isInside(file) && !file.startsWith('node_modules/'));
  return { files: all, folders: [...new Set(own.map(file => path.posix.dirname(file)))].sort() };
}

/** Hash of the content of the listed files and of the names in the listed folders; what is missing counts as such. */
export async function hashInputs(folder: string, { files, folders }: InputList): Promise<string> {
  const parts: string[] = [];
  for (const file of files) {
    parts.push(file, (await hashFile(path.join(folder, file)).catch(ignoreMissing)) ?? 'missing');
  }
  for (const each of folders) {
    const names = await readdir(path.join(folder, each)).catch(ignoreMissing);
    // Our own output folder comes and goes.
    parts.push(
      each,
      ...(names?.filter(name => name !== 'dist' && !name.startsWith('.')).sort() ?? ['missing']),
    );
  }
  return hashParts(parts);
}
