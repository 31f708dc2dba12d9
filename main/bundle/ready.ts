import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../../contract/index.ts';

/** Marker of a complete extraction, as on the platform (spec 1.6); written last. */
export const READY_FILE = 'bundle/.ready';

/** What the marker says: enough to answer again without the bundle, and to notice when files went missing. */
const Ready = z.object({
  format: z.literal(1),
  contentHash: z.string(),
  /** Path below the extraction folder of the manifest that finalize would read. */
  manifest: z.string().optional(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int() })),
  warnings: z.array(Problem),
});
export type Ready = z.infer<typeof Ready>;

export async function writeReady(folder: string, ready: Ready): Promise<void> {
  await writeFile(join(folder, READY_FILE), JSON.stringify(ready), { flag: 'wx', mode: 0o444 });
}

/**
 * What an earlier extraction left, when it is whole: the marker is readable, names this hash, and every file is there
 * in its size. Anything else is as good as nothing.
 */
export async function readReady(folder: string, contentHash: string): Promise<Ready | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, READY_FILE), 'utf8');
  } catch {
    return undefined;
  }
  const ready = parseReady(text);
  if (ready?.contentHash !== contentHash) return undefined;
  const whole = await Promise.all(ready.files.map(file => hasSize(join(folder, file.path), file.bytes)));
  return whole.every(Boolean) ? ready : undefined;
}

function parseReady(text: string): Ready | undefined {
  try {
    return Ready.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function hasSize(path: string, bytes: number): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isFile() && found.size === bytes;
  } catch {
    return false;
  }
}
