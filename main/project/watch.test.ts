import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lay, temporaryFolders } from './folders.testing.ts';
import { watchProject } from './index.ts';

const folder = temporaryFolders();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(watcher => watcher.close()));
});

/** Watches and hands out bursts one by one. */
async function watched(root: string) {
  const bursts: string[][] = [];
  let wake: (() => void) | undefined;
  const watcher = watchProject(root, paths => {
    bursts.push(paths);
    wake?.();
  });
  open.push(watcher);
  await watcher.ready;
  return {
    watcher,
    bursts,
    /** Resolves when these paths, and maybe others, were reported. */
    async until(...paths: string[]): Promise<string[]> {
      for (;;) {
        const seen = bursts.flat();
        if (paths.every(path => seen.includes(path))) return seen;
        await new Promise<void>(resolve => (wake = resolve));
      }
    },
  };
}

describe('watchProject', () => {
  it('reports what was written, made, removed', async () => {
    const root = folder({ 'src/handler.ts': '1', 'ui/old.js': '' });
    const watch = await watched(root);
    writeFileSync(join(root, 'src/handler.ts'), '2');
    lay(root, { 'src/new/deep.ts': '', '.env.local': '' });
    rmSync(join(root, 'ui/old.js'));
    await watch.until('src/handler.ts', 'src/new/deep.ts', 'ui/old.js', '.env.local');
  });

  it('joins what comes together into one sorted burst without repeats', async () => {
    const root = folder({ 'b.ts': '', 'a.ts': '', 'c.ts': '' });
    const watch = await watched(root);
    for (const name of ['b.ts', 'a.ts', 'c.ts', 'b.ts']) writeFileSync(join(root, name), name);
    await watch.until('a.ts', 'b.ts', 'c.ts');
    expect(watch.bursts[0]).toEqual(['a.ts', 'b.ts', 'c.ts']);
  });

  it('sees a save by renaming as one change of the file', async () => {
    const root = folder({ 'src/handler.ts': '1' });
    const watch = await watched(root);
    writeFileSync(join(root, 'src/handler.ts~'), '2');
    renameSync(join(root, 'src/handler.ts~'), join(root, 'src/handler.ts'));
    expect(await watch.until('src/handler.ts')).not.toContain('src/handler.ts~');
    // And the file is still watched afterwards.
    watch.bursts.length = 0;
    writeFileSync(join(root, 'src/handler.ts'), '3');
    await watch.until('src/handler.ts');
  });

  it('does not see what builds and tools write', async () => {
    const root = folder({
      'dist/main.wasm': '',
      'node_modules/x/index.js': '',
      '.git/HEAD': '',
      'ui/dist/a.js': '',
    });
    const watch = await watched(root);
    lay(root, {
      'dist/main.wasm': 'x',
      'dist/ui/index.html': 'x',
      'artifacts/component/component.wasm': 'x',
      'node_modules/x/index.js': 'x',
      '.git/HEAD': 'x',
      'ui/dist/a.js': 'x',
      'bundle.tar.zst': 'x',
      'bundle.sha256': 'x',
      '.manifest.json.0123456789ab.tmp': 'x',
      '.DS_Store': 'x',
    });
    writeFileSync(join(root, 'seen.ts'), '');
    expect(await watch.until('seen.ts')).toEqual(['seen.ts']);
  });

  it('watches a project that itself stands below node_modules or a hidden folder', async () => {
    const root = join(folder(), 'node_modules/.hidden/ext');
    mkdirSync(root, { recursive: true });
    const watch = await watched(root);
    writeFileSync(join(root, 'a.ts'), '');
    await watch.until('a.ts');
  });

  it('calls nobody after close, which may come at any time', async () => {
    const root = folder({ 'a.ts': '' });
    const early = watchProject(root, () => expect.unreachable());
    await early.close();
    await early.ready;
    const watch = await watched(root);
    writeFileSync(join(root, 'a.ts'), 'x');
    await watch.watcher.close();
    await watch.watcher.close();
    expect(watch.bursts).toEqual([]);
  });
});
