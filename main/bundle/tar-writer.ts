import { Header, Pax } from 'tar';

const BLOCK = 512;
const EPOCH = new Date(0);

/** What every header says: nothing of the machine, the user or the moment gets into the archive. */
const FIXED = { mode: 0o644, uid: 0, gid: 0, uname: '', gname: '', mtime: EPOCH } as const;

/**
 * The header of one regular file: a ustar block, with a pax header before it only when the path does not fit.
 *
 * @param path archive path in UTF-8
 * @param size of the file in bytes
 */
export function fileHeader(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const header = new Header({ ...FIXED, path, size, type: 'File' });
  const needsPax = header.encode(block);
  return needsPax ? Buffer.concat([paxHeader(path), block]) : block;
}

function paxHeader(path: string): Buffer {
  const body = Buffer.from(new Pax({ path }).encodeBody());
  const block = Buffer.alloc(BLOCK);
  new Header({ ...FIXED, path: 'PaxHeader', size: body.length, type: 'ExtendedHeader' }).encode(block);
  return Buffer.concat([block, body, padding(body.length)]);
}

/** The zeros after a body of `size` bytes, up to the next block. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** Two zero blocks end an archive. */
export function endOfArchive(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}
