import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { WorkbenchError, type BundleInfo } from '../../contract/index.ts';
import type { BundleEntry } from './collect.ts';
import { unpackableReason } from './entry-path.ts';
import { asWorkbenchError, discard } from './failures.ts';
import { DEFAULT_LIMITS, MAX_WINDOW_LOG } from './limits.ts';
import { endOfArchive, fileHeader, padding } from './tar-writer.ts';

/** The official command line takes 19 (spec 1.3): an eighth smaller, at thirty times the time of every build. */
const LEVEL = 9;
const MIN_WINDOW_LOG = 17;
/** Bytes handed to the compressor at a time. Fixed, since how the input is cut may change the output. */
const SLAB = 1024 * 1024;

interface PlannedEntry extends BundleEntry {
  readonly header: Buffer;
  readonly size: number;
}

/**
 * Packs entries into one bundle: ustar, compressed as a single zstd frame with a checksum (spec 1.1, 1.3), and writes
 * the hex digest of the bundle beside it (`bundle.sha256`, or `<file>.sha256` for another name; spec 1.3).
 *
 * The same entries give the same bytes wherever and whenever they are packed: order, metadata and compression depend on
 * paths and content alone (and on the zstd of the Node that runs this). `manifest.json` comes first, because finalize
 * takes the first manifest.json it meets at the root or one folder deep (spec 1.5); the rest is sorted by bytes. The
 * window spans the whole archive, so the second copy of the component costs next to nothing.
 *
 * Compression runs on Node's thread pool, one thread, files are read one at a time.
 *
 * @param entries distinct paths, as `collectEntries` gives them
 * @param outFile absolute path; both files are replaced as a whole or not at all
 * @param signal ends the work early
 * @returns path, size in bytes and `sha256:` content hash over the compressed file (spec 1.4)
 * @throws WorkbenchError `bundle.bad-entry`, `bundle.duplicate-entry`, `bundle.unreadable`, `bundle.source-changed`,
 *   `bundle.too-large` (over the 200 MiB that the platform takes), `bundle.write-failed`, `build.cancelled`
 */
export async function packBundle(
  entries: readonly BundleEntry[],
  outFile: string,
  signal?: AbortSignal,
): Promise<BundleInfo> {
  const plan = await planEntries(entries);
  const id = randomBytes(6).toString('hex');
  const temporary = join(dirname(outFile), `.${basename(outFile)}.${id}.tmp`);
  try {
    signal?.throwIfAborted();
    await mkdir(dirname(outFile), { recursive: true });
    const { bytes, hex } = await compress(plan, temporary, signal);
    await publish(temporary, outFile, hex);
    return { path: outFile, bytes, contentHash: `sha256:${hex}` };
  } catch (error) {
    await discard(temporary);
    throw asWorkbenchError(error, 'bundle.write-failed', { path: outFile });
  }
}

async function planEntries(entries: readonly BundleEntry[]): Promise<PlannedEntry[]> {
  const paths = new Set<string>();
  const plan: PlannedEntry[] = [];
  for (const entry of entries) {
    const reason = unpackableReason(entry.path, DEFAULT_LIMITS.maxPathBytes);
    if (reason !== undefined) {
      throw new WorkbenchError('bundle.bad-entry', {
        message: `${entry.path} cannot be packed: ${reason}.`,
        details: { path: entry.path, reason },
      });
    }
    if (paths.has(entry.path))
      throw new WorkbenchError('bundle.duplicate-entry', { details: { path: entry.path } });
    paths.add(entry.path);
    const size = await sizeOf(entry);
    plan.push({ ...entry, size, header: fileHeader(entry.path, size) });
  }
  return plan.sort(byPath);
}

function byPath(a: BundleEntry, b: BundleEntry): number {
  const first = Number(b.path === 'manifest.json') - Number(a.path === 'manifest.json');
  return first === 0 ? Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)) : first;
}

async function sizeOf(entry: BundleEntry): Promise<number> {
  if (typeof entry.source !== 'string') return entry.source.byteLength;
  try {
    return (await stat(entry.source)).size;
  } catch (error) {
    throw asWorkbenchError(error, 'bundle.unreadable', { path: entry.source });
  }
}

async function compress(
  plan: readonly PlannedEntry[],
  outFile: string,
  signal: AbortSignal | undefined,
): Promise<{ bytes: number; hex: string }> {
  const total = plan.reduce((sum, { header, size }) => sum + header.length + size + padding(size).length, 0);
  const archiveBytes = total + endOfArchive().length;
  const hash = createHash('sha256');
  let bytes = 0;
  const digest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      const over = bytes > DEFAULT_LIMITS.maxBundleBytes;
      done(
        over
          ? new WorkbenchError('bundle.too-large', { details: { limit: DEFAULT_LIMITS.maxBundleBytes } })
          : null,
        chunk,
      );
    },
  });
  await pipeline(
    slabs(archive(plan)),
    createZstdCompress({
      params: zstdParameters(archiveBytes),
      pledgedSrcSize: archiveBytes,
      chunkSize: 256 * 1024,
    }),
    digest,
    createWriteStream(outFile, { flags: 'wx' }),
    signal === undefined ? {} : { signal },
  );
  return { bytes, hex: hash.digest('hex') };
}

/** Level, checksum, and long-distance matching over a window that holds the archive as far as decoders allow. */
function zstdParameters(archiveBytes: number): Record<number, number> {
  const wanted = Math.ceil(Math.log2(archiveBytes));
  return {
    [constants.ZSTD_c_compressionLevel]: LEVEL,
    [constants.ZSTD_c_checksumFlag]: 1,
    [constants.ZSTD_c_contentSizeFlag]: 1,
    [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    [constants.ZSTD_c_windowLog]: Math.min(Math.max(wanted, MIN_WINDOW_LOG), MAX_WINDOW_LOG),
  };
}

async function* archive(plan: readonly PlannedEntry[]): AsyncGenerator<Uint8Array> {
  for (const entry of plan) {
    yield entry.header;
    yield await bodyOf(entry);
    yield padding(entry.size);
  }
  yield endOfArchive();
}

async function bodyOf(entry: PlannedEntry): Promise<Uint8Array> {
  if (typeof entry.source !== 'string') return entry.source;
  let body: Buffer;
  try {
    body = await readFile(entry.source);
  } catch (error) {
    throw asWorkbenchError(error, 'bundle.unreadable', { path: entry.source });
  }
  if (body.length !== entry.size)
    throw new WorkbenchError('bundle.source-changed', { details: { path: entry.source } });
  return body;
}

/** The same bytes cut into pieces of {@link SLAB}, the last one shorter. */
async function* slabs(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let slab = Buffer.allocUnsafe(SLAB);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + SLAB - filled);
      slab.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === SLAB) {
        yield slab;
        slab = Buffer.allocUnsafe(SLAB);
        filled = 0;
      }
    }
  }
  yield slab.subarray(0, filled);
}

/** The old digest goes first, so that a digest beside a bundle is always that bundle's. */
async function publish(temporary: string, outFile: string, hex: string): Promise<void> {
  const sidecar = sidecarOf(outFile);
  const temporarySidecar = `${temporary}.sha256`;
  try {
    await writeFile(temporarySidecar, `${hex}\n`, { flag: 'wx' });
    await rm(sidecar, { force: true });
    await rename(temporary, outFile);
    await rename(temporarySidecar, sidecar);
  } catch (error) {
    await discard(temporarySidecar);
    throw error;
  }
}

function sidecarOf(outFile: string): string {
  return basename(outFile) === 'bundle.tar.zst'
    ? join(dirname(outFile), 'bundle.sha256')
    : `${outFile}.sha256`;
}
