// Set-up steps are skipped when the content they depend on has not changed since they last succeeded.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const folder = path.join(root, 'node_modules', '.cache', 'extension-workbench');
const skipped = new Set(['node_modules', 'target', 'out', 'dist']);

function* files(entry) {
  const stat = statSync(entry, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) {
    if (!entry.endsWith('.node')) yield entry;
    return;
  }
  for (const name of readdirSync(entry).sort()) {
    if (!skipped.has(name)) yield* files(path.join(entry, name));
  }
}

/** SHA-256 over names and contents below the given entries, relative to the repository. */
export function hashOf(entries) {
  const hash = createHash('sha256');
  for (const entry of entries) {
    for (const file of files(path.join(root, entry))) {
      hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

export function isFresh(step, hash) {
  try {
    return readFileSync(path.join(folder, `${step}.stamp`), 'utf8') === hash;
  } catch {
    return false;
  }
}

export function markFresh(step, hash) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${step}.stamp`);
  writeFileSync(`${file}.new`, hash);
  renameSync(`${file}.new`, file);
}

export function markStale(step) {
  rmSync(path.join(folder, `${step}.stamp`), { force: true });
}
