import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { Header, Pax, type HeaderData } from 'tar';
import { afterEach } from 'vitest';

/** Temporary folders that vanish after each test of the file that calls this. */
export function temporaryFolders(): (name?: string) => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return (name = 'xwb bundle ') => {
    const folder = mkdtempSync(join(tmpdir(), name));
    made.push(folder);
    return folder;
  };
}

export interface RawEntry extends HeaderData {
  readonly body?: string | Uint8Array;
}

/** One entry, any kind, any path, exactly as given. */
export function rawEntry({ body = '', ...header }: RawEntry): Buffer {
  const bytes = Buffer.from(body);
  const block = Buffer.alloc(512);
  new Header({ mode: 0o644, type: 'File', size: bytes.length, mtime: new Date(1e12), ...header }).encode(
    block,
  );
  return Buffer.concat([block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** A pax header, GNU tar's or Node tar's way, for the entry that follows. */
export function paxEntry(fields: HeaderData): Buffer {
  return new Pax(fields).encode();
}

export const END = Buffer.alloc(1024);

export function tarOf(...entries: (RawEntry | Buffer)[]): Buffer {
  return Buffer.concat([...entries.map(entry => (Buffer.isBuffer(entry) ? entry : rawEntry(entry))), END]);
}

/** Writes a compressed archive and tells its digest. */
export function writeBundle(folder: string, tar: Uint8Array): { file: string; hex: string } {
  return writeFile(folder, zstdCompressSync(tar));
}

export function writeFile(folder: string, bytes: Uint8Array): { file: string; hex: string } {
  const file = join(folder, `${randomBytes(4).toString('hex')}.tar.zst`);
  writeFileSync(file, bytes);
  return { file, hex: createHash('sha256').update(bytes).digest('hex') };
}

/** Bytes that compress about as badly as machine code, the same for the same seed. */
export function machineLikeBytes(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const draw = state >>> 24;
    // Half of it comes from a small alphabet, so that there is something to find.
    bytes[at] = draw < 128 ? draw % 16 : draw;
  }
  return bytes;
}
