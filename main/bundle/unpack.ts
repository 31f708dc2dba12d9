import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdDecompress, type ZstdDecompress } from 'node:zlib';
import { WorkbenchError } from '../../contract/index.ts';
import { asWorkbenchError, codeOf } from './failures.ts';
import { tooLarge, type Intake, type Placement } from './intake.ts';
import { MAX_WINDOW_LOG, RATIO_FREE_BYTES, type IntakeLimits } from './limits.ts';
import { TarReader, type TarMember } from './tar-reader.ts';

export interface UnpackedFile {
  /** Path in the archive. */
  readonly path: string;
  /** Path below the extraction folder. */
  readonly target: string;
  readonly bytes: number;
}

/**
 * Unpacks a bundle into an empty folder in the platform's layout, in bounded memory (spec 1.6).
 *
 * @param bundleFile the bundle, whose SHA-256 was found to be `hex` before
 * @param folder exists and is empty; on failure it holds rests, which the caller removes
 * @returns the regular files in archive order; remarks are left with `intake`
 * @throws WorkbenchError `bundle.corrupt`, `bundle.bad-entry`, `bundle.duplicate-entry`, `bundle.too-large`,
 *   `bundle.source-changed`, `bundle.write-failed`
 */
export async function unpackBundle(
  bundleFile: string,
  bundle: { hex: string; bytes: number },
  folder: string,
  limits: IntakeLimits,
  intake: Intake,
): Promise<UnpackedFile[]> {
  const zstd = createZstdDecompress({
    chunkSize: 256 * 1024,
    params: { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG },
  });
  const tap = new DigestTap();
  const files: UnpackedFile[] = [];
  try {
    await pipeline(createReadStream(bundleFile), tap, zstd, async (chunks: AsyncIterable<Uint8Array>) => {
      const tar = new TarReader(bounded(chunks, bundle.bytes, limits));
      for await (const member of tar.members()) {
        const placement = intake.admit(member);
        if (placement === undefined) continue;
        await place(member, placement, folder);
        if (placement.kind === 'file')
          files.push({ path: placement.path, target: placement.target, bytes: member.size });
      }
      if (tar.trailingData)
        intake.remark(
          'bundle.trailing-data',
          'There are bytes after the end of the archive; nobody reads them.',
        );
    });
  } catch (error) {
    throw asWorkbenchError(error, isDamage(error) ? 'bundle.corrupt' : 'bundle.unreadable', {
      path: bundleFile,
    });
  }
  checkWhole(zstd, tap, bundle, bundleFile);
  return files;
}

/** Hashes what passes, so that a file swapped between two readings is noticed. */
class DigestTap extends Transform {
  readonly #hash = createHash('sha256');

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    done(null, chunk);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

function checkWhole(
  zstd: ZstdDecompress,
  tap: DigestTap,
  bundle: { hex: string; bytes: number },
  path: string,
): void {
  if (tap.digest() !== bundle.hex) throw new WorkbenchError('bundle.source-changed', { details: { path } });
  // Node ignores what follows the last zstd frame, the platform's decoder fails on it.
  if (zstd.bytesWritten < bundle.bytes) {
    throw new WorkbenchError('bundle.corrupt', {
      details: { path, reason: 'bytes follow the end of the compressed data' },
    });
  }
}

async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  bundleBytes: number,
  limits: IntakeLimits,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > limits.maxTotalBytes) throw tooLarge('bytes when decompressed', limits.maxTotalBytes);
    if (total > RATIO_FREE_BYTES && total > bundleBytes * limits.maxRatio) {
      throw tooLarge('bytes for each compressed byte', limits.maxRatio);
    }
    yield chunk;
  }
}

async function place(member: TarMember, placement: Placement, folder: string): Promise<void> {
  const target = join(folder, placement.target);
  try {
    if (placement.kind === 'directory') {
      await mkdir(target, { recursive: true });
      return;
    }
    await mkdir(dirname(target), { recursive: true });
  } catch (error) {
    throw asWorkbenchError(error, 'bundle.write-failed', { path: placement.path });
  }
  await writeBody(member, placement, target);
}

async function writeBody(member: TarMember, placement: Placement, target: string): Promise<void> {
  let file;
  try {
    file = await open(target, 'wx', 0o444);
    for await (const chunk of member.body) await file.write(chunk);
  } catch (error) {
    // On a file system that ignores case, or composes accents, two paths may name one file.
    if (codeOf(error) === 'EEXIST')
      throw new WorkbenchError('bundle.duplicate-entry', { details: { path: placement.path } });
    if (isDamage(error)) throw error;
    throw asWorkbenchError(error, 'bundle.write-failed', { path: placement.path });
  } finally {
    await file?.close();
  }
}

function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && (code.startsWith('ZSTD_error') || code.startsWith('Z_'));
}
