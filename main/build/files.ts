import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** How much of a large file is read at a time, so that the event loop stays free. */
const PIECE = 256 * 1024;

/** Lowercase hex SHA-256 of a file. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of piecesOf(file)) hash.update(piece);
  return hash.digest('hex');
}

/** What a file holds, each piece valid until the next: a stream's buffers would be 12 MB of garbage a component. */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array, undefined> {
  const handle = await open(file);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(PIECE, (await handle.stat()).size + 1));
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return undefined;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Lowercase hex SHA-256 over parts; each is counted with its length, so that parts cannot run into each other. */
export function hashParts(parts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

/** The names below `root` with forward slashes, in order; `skip` is asked for files and folders alike. */
export async function listFiles(
  root: string,
  skip: (relative: string, isFolder: boolean) => boolean = () => false,
): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(root, below), { withFileTypes: true })) {
      const relative = below === '' ? entry.name : `${below}/${entry.name}`;
      if (skip(relative, entry.isDirectory())) continue;
      if (entry.isDirectory()) await walk(relative);
      // A link counts as the file it leads to; linked folders could lead round in a circle.
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path.join(root, relative))))) {
        found.push(relative);
      }
    }
  };
  await walk('');
  return found.sort();
}

/** Writes a file so that readers see the old content or the new one, also when the process is killed. */
export async function writeAtomic(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await replaceWith(file, async staged => {
    const handle = await open(staged, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/** Copies a file in the same way; a target that has the content already is left alone. */
export async function placeFile(source: string, target: string): Promise<void> {
  if (await sameContent(source, target)) return;
  await mkdir(path.dirname(target), { recursive: true });
  await replaceWith(target, staged => copyFile(source, staged));
}

/** Puts a copy of a folder at `target` as a whole: what was there before is gone once this resolves. */
export async function placeFolder(source: string, target: string): Promise<void> {
  if (await sameFolder(source, target)) return;
  await mkdir(path.dirname(target), { recursive: true });
  const staged = besides(target);
  const old = besides(target);
  try {
    await copyTree(source, staged);
    await rename(target, old).catch(ignoreMissing);
    await rename(staged, target);
  } finally {
    await rm(staged, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/** Copies every file below `source`; the target's folders are made. */
export async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const relative of await listFiles(source)) {
    const file = path.join(target, relative);
    await mkdir(path.dirname(file), { recursive: true });
    await copyFile(path.join(source, relative), file);
  }
}

/** Gives a folder its name; when somebody else made the same one in the meantime, theirs is as good. */
export async function renameUnlessThere(staging: string, folder: string): Promise<void> {
  try {
    await rename(staging, folder);
  } catch (error) {
    if (!(await isFolder(folder))) throw error;
  }
}

/** How old a leftover must be before it cannot belong to a build that still runs. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/** Removes what builds that were killed left in a folder: the entries whose names begin so, unless they are recent. */
export async function removeLeftovers(folder: string, prefixes: readonly string[]): Promise<void> {
  for (const name of (await readdir(folder).catch(ignoreMissing)) ?? []) {
    if (!prefixes.some(prefix => name.startsWith(prefix))) continue;
    const entry = path.join(folder, name);
    const age = Date.now() - ((await stat(entry).catch(ignoreMissing))?.mtimeMs ?? Date.now());
    if (age > LEFTOVER_AGE_MS) await rm(entry, { recursive: true, force: true });
  }
}

/** Whether there is a file of that path. */
export async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(ignoreMissing))?.isFile() ?? false;
}

/** Whether there is a folder of that path. */
export async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(ignoreMissing))?.isDirectory() ?? false;
}

/** The text of a file, or nothing when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(ignoreMissing);
}

/** `to` as a project's author writes it: relative to the folder, with forward slashes. */
export function relativePath(folder: string, to: string): string {
  return path.relative(folder, to).split(path.sep).join('/');
}

/** Whether a path from {@link relativePath} stays inside the folder. */
export function isInside(relative: string): boolean {
  return relative !== '..' && !relative.startsWith('../') && !path.isAbsolute(relative);
}

/** For `catch`: a file that is not there is `undefined`, every other failure goes on. */
export function ignoreMissing(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw error;
}

async function replaceWith(target: string, write: (staged: string) => Promise<void>): Promise<void> {
  const staged = besides(target);
  try {
    await write(staged);
    await rename(staged, target);
  } catch (error) {
    await rm(staged, { force: true });
    throw error;
  }
}

function besides(target: string): string {
  return path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}`);
}

async function sameContent(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([stat(a), stat(b).catch(ignoreMissing)]);
  if (!right?.isFile() || left.size !== right.size) return false;
  const theirs = piecesOf(b);
  try {
    for await (const piece of piecesOf(a)) {
      const { value } = await theirs.next();
      if (!value || Buffer.compare(piece, value) !== 0) return false;
    }
    return true;
  } finally {
    await theirs.return(undefined);
  }
}

async function sameFolder(a: string, b: string): Promise<boolean> {
  if (!(await isFolder(b))) return false;
  const [left, right] = await Promise.all([listFiles(a), listFiles(b)]);
  if (left.length !== right.length || left.some((name, index) => name !== right[index])) return false;
  for (const name of left) if (!(await sameContent(path.join(a, name), path.join(b, name)))) return false;
  return true;
}
