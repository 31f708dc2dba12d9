import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WorkbenchError, type ErrorCode } from '../../contract/index.ts';

/** The `code` of a system error (`ENOENT`); undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** A system failure as a coded error; coded ones stay as they are. */
export function asWorkbenchError(error: unknown, code: ErrorCode, path: string): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkbenchError(code, { details: { path, reason }, cause: error });
}

/** A file's text, or undefined when there is no such file. Throws `project.unreadable`. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw asWorkbenchError(error, 'project.unreadable', path);
  }
}

/** What stands at a path. Throws `project.unreadable`. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | 'nothing'> {
  try {
    const found = await stat(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (isAbsence(error)) return 'nothing';
    throw asWorkbenchError(error, 'project.unreadable', path);
  }
}

function isAbsence(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

/**
 * Replaces a file as a whole: a reader sees the old text or the new one, never a part. The mode of an existing file is
 * kept. Throws `project.write-failed`.
 */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const mode = await modeOf(path);
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asWorkbenchError(error, 'project.write-failed', path);
  }
}

async function modeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch {
    return 0o666;
  }
}

/** Folders that hold no sources of the author, wherever they stand. */
export const FOREIGN_FOLDERS: readonly string[] = ['node_modules', 'dist'];

/**
 * Regular files at or below `folder/path`, hidden ones and {@link FOREIGN_FOLDERS} left out, in a stable order.
 *
 * @param most stop after so many
 * @returns paths relative to `folder` with forward slashes; none when nothing is there
 */
export async function listFiles(folder: string, path: string, most: number): Promise<string[]> {
  const found: string[] = [];
  const pending = [path];
  for (let at = pending.pop(); at !== undefined && found.length < most; at = pending.pop()) {
    const below: string[] = [];
    for (const child of await readFolder(join(folder, at))) {
      if (child.name.startsWith('.') || FOREIGN_FOLDERS.includes(child.name)) continue;
      if (child.isDirectory()) below.push(`${at}/${child.name}`);
      else if (child.isFile()) found.push(`${at}/${child.name}`);
    }
    pending.push(...below.reverse());
  }
  return found.slice(0, most);
}

async function readFolder(path: string) {
  try {
    const children = await readdir(path, { withFileTypes: true });
    return children.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isAbsence(error)) return [];
    throw asWorkbenchError(error, 'project.unreadable', path);
  }
}
