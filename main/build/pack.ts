import path from 'node:path';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { BundleInfo } from '../../contract/index.ts';
import { collectEntries, type BundleEntry } from '../bundle/index.ts';
import type { BuildRun, Made } from './build-run.ts';
import { hashFile, hashParts, ignoreMissing } from './files.ts';

const Record = z.object({ key: z.string(), bundle: BundleInfo });

/**
 * Packs what this build made into the bundle (spec/alga-platform.md 1.2, 1.3). A bundle that is there, unchanged, and
 * was packed from the same content is left alone.
 */
export async function packProject(
  run: BuildRun,
  built: { component?: string; uiDir?: string },
): Promise<Made<BundleInfo>> {
  const entries = await collectEntries(run.folder, built);
  const key = await keyOf(entries);
  const known = await run.records.read('pack', Record);
  if (known?.key === key && known.bundle.path === run.outFile && (await isThere(known.bundle))) {
    return { value: known.bundle, cached: true };
  }
  const bundle = await run.packBundle(entries, run.outFile, run.signal);
  await run.records.write('pack', { key, bundle });
  return { value: bundle, cached: false };
}

/** Another Node may bring another zstd, and with it other bytes. */
async function keyOf(entries: readonly BundleEntry[]): Promise<string> {
  const parts = ['pack-1', process.versions.node];
  // The component goes in twice.
  const hashes = new Map<BundleEntry['source'], string>();
  for (const { path: name, source } of entries) {
    const hash = hashes.get(source) ?? (await hashOf(source));
    hashes.set(source, hash);
    parts.push(name, hash);
  }
  return hashParts(parts);
}

async function hashOf(source: BundleEntry['source']): Promise<string> {
  return typeof source === 'string'
    ? await hashFile(source)
    : hashParts([Buffer.from(source).toString('base64')]);
}

/** The bundle and its sidecar are as we left them. */
async function isThere({ path: file, bytes, contentHash }: BundleInfo): Promise<boolean> {
  const found = await stat(file).catch(ignoreMissing);
  if (found?.size !== bytes || `sha256:${await hashFile(file)}` !== contentHash) return false;
  const name = path.basename(file);
  const sidecar = name === 'bundle.tar.zst' ? 'bundle.sha256' : `${name}.sha256`;
  return (await stat(path.join(path.dirname(file), sidecar)).catch(ignoreMissing)) !== undefined;
}
