import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Puts compiled code that came with the workbench into a cache, as links where the disk allows; what is there already
 * stays. The cache trusts nothing by its place: each file's hash is checked when it is used.
 */
export function placeCompiled(preparedDir: string, cacheDir: string): void {
  if (!existsSync(preparedDir)) return;
  for (const entry of readdirSync(preparedDir, { withFileTypes: true })) {
    const [from, to] = [path.join(preparedDir, entry.name), path.join(cacheDir, entry.name)];
    if (entry.isDirectory()) placeCompiled(from, to);
    else if (entry.name.endsWith('.cwasm')) place(from, to);
  }
}

function place(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    // Another disk, or somebody else's file. A copy that ends early is noticed by its hash.
    copyFileSync(from, to);
  }
}
