import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../../contract/index.ts';

export const KEY_BYTES = 32;

/** The key of a data folder's `secrets.key`, made when `create` is set; mode 0600. */
export async function keyFromFile(dataDir: string, options: { create: true }): Promise<Buffer>;
export async function keyFromFile(dataDir: string, options: { create: boolean }): Promise<Buffer | undefined>;
export async function keyFromFile(
  dataDir: string,
  { create }: { create: boolean },
): Promise<Buffer | undefined> {
  const file = path.join(dataDir, 'secrets.key');
  const found = await readKey(file);
  if (found || !create) return found;
  await mkdir(dataDir, { recursive: true });
  const staged = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(staged, randomBytes(KEY_BYTES), { mode: 0o600, flush: true });
  try {
    // A link fails when another process was first; its key is the one to use then.
    await link(staged, file).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw error;
    });
  } finally {
    await rm(staged, { force: true });
  }
  return readKey(file);
}

async function readKey(file: string): Promise<Buffer | undefined> {
  try {
    const key = await readFile(file);
    if (key.length !== KEY_BYTES) throw new WorkbenchError('secrets.damaged-key', { details: { file } });
    return key;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
