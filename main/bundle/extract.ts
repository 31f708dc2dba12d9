import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError, type Problem } from '../../contract/index.ts';
import { parseManifest } from '../manifest/index.ts';
import { asWorkbenchError, discard } from './failures.ts';
import { Intake, tooLarge } from './intake.ts';
import { DEFAULT_LIMITS, type IntakeLimits } from './limits.ts';
import { readReady, writeReady, type Ready } from './ready.ts';
import { unpackBundle, type UnpackedFile } from './unpack.ts';

/** A bundle on disk in the layout the runner uses (spec 1.6). */
export interface ExtractedBundle {
  /** `sha256:` and 64 lower-case hex digits over the compressed file (spec 1.4). */
  readonly contentHash: string;
  /** Holds `bundle/…` and `ui/…`; files are read-only. */
  readonly dir: string;
  /** The manifest that finalize would read out of the bundle (spec 1.5); undefined when there is none. */
  readonly manifestText?: string;
  /** Absolute path of `dist/main.wasm`, if it is in the bundle. */
  readonly componentPath?: string;
  /** Absolute folder of the UI tree, if the bundle has one. */
  readonly uiDir?: string;
  /** What the platform would pass over or take otherwise than the author thinks. */
  readonly warnings: Problem[];
}

const COMPONENT = 'bundle/dist/main.wasm';
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const STAGING_PREFIX = '.incoming-';
/** A staging folder this old belongs to a process that was killed. */
const STALE_MS = 60 * 60 * 1000;

/**
 * Takes in a bundle from anywhere: checks its hash, unpacks it under limits into `<cacheDir>/<hex>/` and says what it
 * found (spec 1.5, 1.6). The folder appears whole or not at all; one that is already there and whole is used again.
 * Entries that the platform passes over silently become warnings; links, special files, duplicates and paths that mean
 * different files on different systems are refused.
 *
 * @param bundleFile a `.tar.zst` file
 * @param o.cacheDir absolute folder, made if missing; may be shared by processes
 * @param o.expectedHash `sha256:<hex>` or bare hex, any case
 * @param o.limits replaces the default limits
 * @throws WorkbenchError `bundle.unreadable`, `bundle.hash-mismatch`, `bundle.corrupt`, `bundle.bad-entry`,
 *   `bundle.duplicate-entry`, `bundle.too-large`, `bundle.source-changed`, `bundle.write-failed`
 */
export async function extractBundle(
  bundleFile: string,
  o: { cacheDir: string; expectedHash?: string; limits?: IntakeLimits },
): Promise<ExtractedBundle> {
  const limits = o.limits ?? DEFAULT_LIMITS;
  const bundle = await digestFile(bundleFile, limits);
  const contentHash = `sha256:${bundle.hex}`;
  const expected = o.expectedHash?.toLowerCase().replace(/^sha256:/, '');
  if (expected !== undefined && expected !== bundle.hex) {
    throw new WorkbenchError('bundle.hash-mismatch', {
      details: { expected: `sha256:${expected}`, found: contentHash },
    });
  }
  const dir = join(o.cacheDir, bundle.hex);
  const ready =
    (await readReady(dir, contentHash)) ??
    (await extractAnew(bundleFile, bundle, contentHash, dir, o.cacheDir, limits));
  return describe(dir, ready);
}

async function digestFile(path: string, limits: IntakeLimits): Promise<{ hex: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limits.maxBundleBytes) throw tooLarge('bytes', limits.maxBundleBytes);
      hash.update(chunk);
    }
  } catch (error) {
    throw asWorkbenchError(error, 'bundle.unreadable', { path });
  }
  return { hex: hash.digest('hex'), bytes };
}

async function extractAnew(
  bundleFile: string,
  bundle: { hex: string; bytes: number },
  contentHash: string,
  dir: string,
  cacheDir: string,
  limits: IntakeLimits,
): Promise<Ready> {
  const staging = join(cacheDir, `${STAGING_PREFIX}${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(join(staging, 'bundle'), { recursive: true });
    await sweep(cacheDir);
    const intake = new Intake(limits);
    const files = await unpackBundle(bundleFile, bundle, staging, limits, intake);
    const ready = await report(contentHash, staging, files, intake);
    await writeReady(staging, ready);
    await moveIn(staging, dir, contentHash);
    return ready;
  } catch (error) {
    throw asWorkbenchError(error, 'bundle.write-failed', { path: dir });
  } finally {
    await discard(staging);
  }
}

/** Looks at the bundle as a whole: which manifest counts, and whether what it promises is there. */
async function report(
  contentHash: string,
  staging: string,
  files: readonly UnpackedFile[],
  intake: Intake,
): Promise<Ready> {
  // finalize takes the first one at the root or exactly one folder deep.
  const manifest = files.find(file => /^(?:[^/]+\/)?manifest\.json$/.test(file.path));
  if (manifest === undefined) {
    intake.remark('bundle.no-manifest', 'There is no manifest.json at the root of the bundle.');
  } else {
    if (manifest.bytes > MAX_MANIFEST_BYTES) throw tooLarge('bytes in manifest.json', MAX_MANIFEST_BYTES);
    if (manifest.path !== 'manifest.json') {
      const message = `The platform reads ${manifest.path} as the manifest, because it comes first; the runner looks for everything else at the root.`;
      intake.remark('bundle.manifest-not-root', message, manifest.path);
    }
    remarkAbsent(await readFile(join(staging, manifest.target), 'utf8'), files, intake);
  }
  return {
    format: 1,
    contentHash,
    ...(manifest && { manifest: manifest.target }),
    files: files.map(({ target, bytes }) => ({ path: target, bytes })),
    warnings: intake.warnings,
  };
}

function remarkAbsent(manifestText: string, files: readonly UnpackedFile[], intake: Intake): void {
  const { manifest } = parseManifest(manifestText);
  if (manifest === undefined) return;
  const has = (target: string) => files.some(file => file.target === target);
  if (manifest.endpoints.length > 0 && !has(COMPONENT)) {
    intake.remark(
      'bundle.no-component',
      'The manifest declares endpoints, but dist/main.wasm is not in the bundle.',
    );
  }
  if (manifest.ui !== undefined && !has('ui/index.html')) {
    intake.remark(
      'bundle.no-page',
      'The manifest declares a user interface, but ui/index.html is not in the bundle.',
    );
  }
}

/** Puts the finished folder in its place. Another process may have been faster, or have left a damaged one. */
async function moveIn(staging: string, dir: string, contentHash: string): Promise<void> {
  try {
    await rename(staging, dir);
    return;
  } catch (error) {
    if (!(await exists(dir))) throw error;
  }
  if ((await readReady(dir, contentHash)) !== undefined) return;
  const damaged = `${staging}-damaged`;
  await rename(dir, damaged);
  await rename(staging, dir);
  await discard(damaged);
}

async function describe(dir: string, ready: Ready): Promise<ExtractedBundle> {
  const has = (target: string) => ready.files.some(file => file.path === target);
  const manifestText =
    ready.manifest === undefined ? undefined : await readFile(join(dir, ready.manifest), 'utf8');
  return {
    contentHash: ready.contentHash,
    dir,
    ...(manifestText !== undefined && { manifestText }),
    ...(has(COMPONENT) && { componentPath: join(dir, COMPONENT) }),
    ...(ready.files.some(file => file.path.startsWith('ui/')) && { uiDir: join(dir, 'ui') }),
    warnings: ready.warnings,
  };
}

/** Removes what killed processes left behind. */
async function sweep(cacheDir: string): Promise<void> {
  const before = Date.now() - STALE_MS;
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(STAGING_PREFIX)) continue;
    const path = join(cacheDir, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < before) await discard(path);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
