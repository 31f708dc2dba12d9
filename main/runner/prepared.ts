import { copyFileSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Puts compiled code that came with the workbench into a cache, as links where the disk allows; what is there already
 * stays. The cache trusts nothing by its place: each file's hash is checked when it is used.
 */
export function placeCompiled(preparedDir: string, cacheDir: string): void {
  for (const entry of entriesOf(preparedDir)) {
    const [from, to] = [path.join(preparedDir, entry.name), path.join(cacheDir, entry.name)];
    if (entry.isDirectory()) placeCompiled(from, to);
    else if (entry.name.endsWith('.cwasm')) place(from, to);
  }
}

function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function place(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    // Another disk, or somebody else's file. A copy that ends early is noticed by its hash.
    copyFileSync(from, to);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
