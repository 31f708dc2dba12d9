// Where things are, for the scripts that run before anything is installed (Node 20, no packages).
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(fileURLToPath(import.meta.url), '../../..');

/** Shared by every checkout of this user: downloads that are pinned by their hash. */
export const userCache = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
  'extension-workbench',
);

/** Node >= 24: the one that runs us when it is new enough, else the one that npm brought. */
export function modernNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const brought = path.join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    name,
  );
  if (existsSync(brought)) return brought;
  throw new Error(
    `Node 24 or newer is needed on ${process.platform}-${process.arch}; this is ${process.version}. Install it and run the command again.`,
  );
}
