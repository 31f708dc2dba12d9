import { createHash } from 'node:crypto';
import path from 'node:path';
import type { z } from 'zod';
import { readIfThere, writeAtomic } from './files.ts';

/** What a project's last build was made of, kept outside the project; losing it only costs time. */
export interface Records {
  /** The record of that name, or nothing when there is none or it is not readable as the schema says. */
  read<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined>;
  write(name: string, record: unknown): Promise<void>;
}

/** Records of the project at `folder`, in a folder of their own below `root`. */
export function createRecords(root: string, folder: string): Records {
  const own = path.join(root, createHash('sha256').update(folder).digest('hex').slice(0, 24));
  const fileOf = (name: string): string => path.join(own, `${name}.json`);
  return {
    async read(name, schema) {
      const text = await readIfThere(fileOf(name));
      return text === undefined ? undefined : schema.safeParse(parseJson(text)).data;
    },
    write: (name, record) => writeAtomic(fileOf(name), JSON.stringify(record)),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not ours any more: the schema refuses it, and the stage runs as if for the first time.
    return undefined;
  }
}
