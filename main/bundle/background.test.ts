import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineLikeBytes } from './archives.testing.ts';
import { bundlesInBackground, type BundleChild } from './background.ts';
import { failureOf, failureReply } from './background-protocol.ts';
import { extractBundle } from './extract.ts';
import { packBundle } from './pack.ts';

const child: BundleChild = {
  nodePath: process.execPath,
  nodeEnv: {},
  script: join(import.meta.dirname, 'bundle-child.ts'),
};
const background = bundlesInBackground(child);
const manifest = { path: 'manifest.json', source: Buffer.from('{"name":"x","version":"1.0.0"}') };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle background '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

describe('bundles in the background', () => {
  it('packs and takes in as it is done here', async () => {
    const file = join(folder, 'main.wasm');
    writeFileSync(file, machineLikeBytes(100_000, 1));
    const entries = [manifest, { path: 'dist/main.wasm', source: file }];
    const here = await packBundle(entries, join(folder, 'here', 'bundle.tar.zst'));
    const there = await background.pack(entries, join(folder, 'there', 'bundle.tar.zst'));
    expect(there).toEqual({ ...here, path: join(folder, 'there', 'bundle.tar.zst') });
    expect(readFileSync(there.path)).toEqual(readFileSync(here.path));
    const cacheDir = join(folder, 'cache');
    expect(await background.extract(there.path, { cacheDir })).toEqual(
      await extractBundle(here.path, { cacheDir }),
    );
  });

  it('fails as it does here', async () => {
    const missing = { path: 'ui/index.html', source: join(folder, 'gone') };
    await expect(background.pack([missing], join(folder, 'out'))).rejects.toMatchObject({
      code: 'bundle.unreadable',
      details: { path: missing.source },
      cause: { code: 'ENOENT' },
    });
    writeFileSync(join(folder, 'damaged'), 'no bundle');
    await expect(
      background.extract(join(folder, 'damaged'), { cacheDir: join(folder, 'cache') }),
    ).rejects.toMatchObject({ code: 'bundle.corrupt' });
  });

  it('stops when told to, and leaves nothing behind', async () => {
    const source = machineLikeBytes(30_000_000, 3);
    const controller = new AbortController();
    const packing = background.pack(
      [{ path: 'dist/main.wasm', source }],
      join(folder, 'out'),
      controller.signal,
    );
    const begun = (): boolean => readdirSync(folder).length > 0;
    await expect.poll(begun, { interval: 1, timeout: 20_000 }).toBe(true);
    controller.abort();
    await expect(packing).rejects.toMatchObject({ code: 'build.cancelled' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stops while the child starts', async () => {
    const controller = new AbortController();
    const packing = background.pack([manifest], join(folder, 'out'), controller.signal);
    controller.abort();
    await expect(packing).rejects.toMatchObject({ code: 'build.cancelled' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not begin when it was told to stop before', async () => {
    const packing = background.pack([manifest], join(folder, 'out'), AbortSignal.abort());
    await expect(packing).rejects.toMatchObject({ code: 'build.cancelled' });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('makes way for what a person does', async () => {
    const script = join(folder, 'priority.mjs');
    writeFileSync(
      script,
      `import { getPriority } from 'node:os';
       process.once('message', () => process.send({ value: getPriority() }, () => process.disconnect()));`,
    );
    const priority = bundlesInBackground({ ...child, script }).pack([], join(folder, 'out'));
    expect(await priority).toBeGreaterThan(getPriority());
  });

  it('says so when the child ends without an answer, or cannot start', async () => {
    const script = join(folder, 'ends.mjs');
    writeFileSync(script, 'process.exit(0);');
    const silent = bundlesInBackground({ ...child, script });
    await expect(silent.pack([], join(folder, 'out'))).rejects.toMatchObject({ code: 'internal.unexpected' });
    const unstarted = bundlesInBackground({ ...child, nodePath: join(folder, 'none') });
    await expect(unstarted.pack([], join(folder, 'out'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('tells a full disk from other failures', () => {
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const reply = failureReply(full);
    if (!('failure' in reply)) throw new Error('That is a failure.');
    expect(failureOf(reply.failure)).toMatchObject({
      code: 'internal.unexpected',
      cause: { code: 'ENOSPC' },
    });
  });
});
