import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { Header } from 'tar';
import { beforeEach, describe, expect, it } from 'vitest';
import { machineLikeBytes, temporaryFolders } from './archives.testing.ts';
import { collectEntries, packBundle } from './index.ts';

const folder = temporaryFolders();
const MANIFEST = JSON.stringify({
  name: 'notes',
  version: '1.0.0',
  runtime: 'wasm-js@1',
  api: { endpoints: [{ method: 'GET', path: '/', handler: 'h' }] },
});
const UI_ONLY = JSON.stringify({ name: 'notes', version: '1.0.0', runtime: 'wasm-js@1' });

function lay(root: string, files: Record<string, string | Uint8Array>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

function namesIn(bundle: string): string[] {
  const tar = zstdDecompressSync(readFileSync(bundle));
  const names: string[] = [];
  for (let at = 0; at < tar.length;) {
    const header = new Header(tar, at);
    if (header.nullBlock) break;
    if (header.type === 'File') names.push(header.path ?? '');
    at += 512 + Math.ceil((header.size ?? 0) / 512) * 512;
  }
  return names;
}

function has(tool: string): boolean {
  return ['/usr/bin', '/bin', '/usr/local/bin'].some(path => existsSync(join(path, tool)));
}

describe('collectEntries (spec 1.2)', () => {
  let project = '';
  beforeEach(() => {
    project = folder();
    lay(project, { 'manifest.json': MANIFEST, 'dist/main.wasm': 'new', 'dist/ui/index.html': '<p>' });
  });
  const paths = async (built: Parameters<typeof collectEntries>[1]) =>
    (await collectEntries(project, built)).map(entry => entry.path).sort();
  const built = () => ({ component: join(project, 'dist/main.wasm'), uiDir: join(project, 'dist/ui') });

  it('stages manifest, UI, both copies of the component and what the project adds', async () => {
    lay(project, {
      'dist/component.json': '{}',
      'artifacts/component/component.wasm': 'stale',
      'artifacts/notes.txt': 'x',
      'precompiled/x64.bin': 'x',
      'wit/extension-runner.wit': 'x',
      SIGNATURE: 'x',
      'sbom.spdx.json': '{}',
      'src/handler.ts': 'left out',
      'README.md': 'left out',
      'dist/bundle.tar.zst': 'left out',
      'dist/ui/assets/a.js': 'x',
    });
    expect(await paths(built())).toEqual([
      'SIGNATURE',
      'artifacts/component/component.json',
      'artifacts/component/component.wasm',
      'artifacts/notes.txt',
      'dist/component.json',
      'dist/main.wasm',
      'manifest.json',
      'precompiled/x64.bin',
      'sbom.spdx.json',
      'ui/assets/a.js',
      'ui/index.html',
      'wit/extension-runner.wit',
    ]);
    const copy = (await collectEntries(project, built())).find(
      entry => entry.path === 'artifacts/component/component.wasm',
    );
    expect(copy?.source).toBe(join(project, 'dist/main.wasm'));
  });

  it('takes only what this build made: no UI or component that merely lies there', async () => {
    writeFileSync(join(project, 'manifest.json'), UI_ONLY);
    expect(await paths({})).toEqual(['manifest.json']);
    expect(await paths({ uiDir: join(project, 'dist/ui') })).toEqual(['manifest.json', 'ui/index.html']);
  });

  it('leaves hidden files out', async () => {
    lay(project, { 'dist/ui/.DS_Store': 'x', 'dist/ui/.well-known/x.json': '{}' });
    expect(await paths(built())).not.toContainEqual(expect.stringContaining('/.'));
  });

  it('refuses endpoints without a component', async () => {
    await expect(collectEntries(project, {})).rejects.toMatchObject({ code: 'bundle.missing-component' });
  });

  it('refuses a folder without manifest, and a manifest that the platform refuses', async () => {
    await expect(collectEntries(folder(), {})).rejects.toMatchObject({ code: 'bundle.missing-manifest' });
    writeFileSync(join(project, 'manifest.json'), '{"entry": 1}');
    await expect(collectEntries(project, {})).rejects.toMatchObject({ code: 'manifest.invalid' });
  });

  it.skipIf(process.platform === 'win32')(
    'refuses links, which could carry files of the author away',
    async () => {
      symlinkSync('/etc/hostname', join(project, 'dist/ui/secret.json'));
      await expect(collectEntries(project, built())).rejects.toMatchObject({
        code: 'bundle.unsupported-file',
        message: expect.stringContaining('ui/secret.json') as unknown,
      });
    },
  );

  it('says which folder cannot be read', async () => {
    await expect(
      collectEntries(project, { ...built(), uiDir: join(project, 'manifest.json', 'x') }),
    ).rejects.toMatchObject({
      code: 'bundle.unreadable',
    });
  });
});

describe('packBundle', () => {
  const entries = (root: string) => [
    { path: 'ui/index.html', source: join(root, 'dist/ui/index.html') },
    { path: 'dist/main.wasm', source: join(root, 'dist/main.wasm') },
    { path: 'manifest.json', source: join(root, 'manifest.json') },
    { path: 'artifacts/component/component.wasm', source: join(root, 'dist/main.wasm') },
    { path: 'artifacts/manifest.json', source: Buffer.from('{}') },
    { path: 'ui/Z.js', source: Buffer.from('1') },
    { path: 'ui/a.js', source: new Uint8Array(0) },
    { path: 'ui/ä.js', source: Buffer.from('2') },
  ];
  const project = (name: string) => {
    const root = folder(name);
    lay(root, {
      'manifest.json': MANIFEST,
      'dist/main.wasm': machineLikeBytes(200_000, 1),
      'dist/ui/index.html': '<p>hi</p>',
    });
    return root;
  };

  it('gives the same bytes in ten runs, from two folders, whatever order, times and modes', async () => {
    const first = project('first ');
    const second = project('second-folder-with-another-name ');
    utimesSync(join(second, 'manifest.json'), 1, 1);
    chmodSync(join(second, 'dist/main.wasm'), 0o755);
    const hashes = new Set<string>();
    for (let run = 0; run < 10; run += 1) {
      const root = run % 2 === 0 ? first : second;
      const list = run % 3 === 0 ? entries(root).reverse() : entries(root);
      const { contentHash } = await packBundle(list, join(root, `out/${run}.tar.zst`));
      hashes.add(contentHash);
    }
    expect([...hashes]).toHaveLength(1);
  });

  it('puts manifest.json first, so that finalize cannot meet another one, then sorts by bytes', async () => {
    const root = project('order ');
    const { path } = await packBundle(entries(root), join(root, 'bundle.tar.zst'));
    expect(namesIn(path)).toEqual([
      'manifest.json',
      'artifacts/component/component.wasm',
      'artifacts/manifest.json',
      'dist/main.wasm',
      'ui/Z.js',
      'ui/a.js',
      'ui/index.html',
      'ui/ä.js',
    ]);
  });

  it('keeps nothing of the machine in the headers', async () => {
    const root = project('header ');
    const { path } = await packBundle(entries(root), join(root, 'bundle.tar.zst'));
    const header = new Header(zstdDecompressSync(readFileSync(path)), 0);
    expect(header).toMatchObject({
      type: 'File',
      mode: 0o644,
      uid: 0,
      gid: 0,
      uname: '',
      gname: '',
      mtime: new Date(0),
    });
    expect(header.cksumValid).toBe(true);
  });

  it('tells size and content hash, and writes the digest beside it (spec 1.3, 1.4)', async () => {
    const root = project('sidecar ');
    const named = await packBundle(entries(root), join(root, 'dist/bundle.tar.zst'));
    const bytes = readFileSync(named.path);
    const hex = createHash('sha256').update(bytes).digest('hex');
    expect(named).toEqual({
      path: join(root, 'dist/bundle.tar.zst'),
      bytes: bytes.length,
      contentHash: `sha256:${hex}`,
    });
    expect(readFileSync(join(root, 'dist/bundle.sha256'), 'utf8')).toBe(`${hex}\n`);
    await packBundle(entries(root), join(root, 'other.tar.zst'));
    expect(readFileSync(join(root, 'other.tar.zst.sha256'), 'utf8')).toBe(`${hex}\n`);
  });

  it('replaces an older bundle and its digest', async () => {
    const root = project('again ');
    const out = join(root, 'bundle.tar.zst');
    const before = await packBundle(entries(root), out);
    const after = await packBundle(entries(root).slice(0, 3), out);
    expect(after.contentHash).not.toBe(before.contentHash);
    expect(`sha256:${readFileSync(join(root, 'bundle.sha256'), 'utf8').trim()}`).toBe(after.contentHash);
    expect(readdirSync(root).sort()).toEqual(['bundle.sha256', 'bundle.tar.zst', 'dist', 'manifest.json']);
  });

  it('makes the second copy of the component nearly free', async () => {
    const root = folder();
    const component = machineLikeBytes(3_000_000, 9);
    const once = await packBundle([{ path: 'dist/main.wasm', source: component }], join(root, 'once'));
    const twice = await packBundle(
      [
        { path: 'dist/main.wasm', source: component },
        { path: 'artifacts/component/component.wasm', source: component },
      ],
      join(root, 'twice'),
    );
    expect(twice.bytes).toBeLessThan(once.bytes * 1.01);
  });

  it('keeps paths of any length and alphabet readable', async () => {
    const root = folder();
    const long = `ui/${'ordner-mit-umlaut-ü/'.repeat(20)}${'n'.repeat(120)}.js`;
    const middling = `ui/${'a'.repeat(90)}/${'b'.repeat(90)}.js`;
    const out = join(root, 'bundle.tar.zst');
    await packBundle(
      [long, middling, 'ui/index.html'].map(path => ({ path, source: Buffer.from(path) })),
      out,
    );
    if (!has('tar') || !has('zstd')) return;
    expect(
      execFileSync('tar', ['--zstd', '-tf', out, '--quoting-style=literal'], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      })
        .trim()
        .split('\n')
        .sort(),
    ).toEqual([long, middling, 'ui/index.html'].sort());
    expect(execFileSync('tar', ['--zstd', '-xOf', out, 'ui/index.html'], { encoding: 'utf8' })).toBe(
      'ui/index.html',
    );
    expect(execFileSync('zstd', ['-t', out], { stdio: 'pipe' }).length).toBe(0);
  });

  it.each([
    '',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a//b',
    './a',
    'ui/.hidden',
    'a\\b',
    'C:x',
    'a/',
    'a\nb',
    'n'.repeat(256),
  ])('refuses the path %j', async path => {
    const out = join(folder(), 'out');
    await expect(packBundle([{ path, source: Buffer.alloc(0) }], out)).rejects.toMatchObject({
      code: 'bundle.bad-entry',
    });
    expect(existsSync(out)).toBe(false);
  });

  it('refuses one path twice', async () => {
    const entry = { path: 'a', source: Buffer.alloc(0) };
    await expect(packBundle([entry, entry], join(folder(), 'out'))).rejects.toMatchObject({
      code: 'bundle.duplicate-entry',
    });
  });

  it('leaves the old bundle as it was when a source is missing', async () => {
    const root = project('missing ');
    const out = join(root, 'bundle.tar.zst');
    const { contentHash } = await packBundle(entries(root), out);
    const list = [...entries(root), { path: 'ui/gone.js', source: join(root, 'gone.js') }];
    await expect(packBundle(list, out)).rejects.toMatchObject({ code: 'bundle.unreadable' });
    expect(`sha256:${createHash('sha256').update(readFileSync(out)).digest('hex')}`).toBe(contentHash);
  });

  it.skipIf(process.platform !== 'linux')('notices a file that changes while it packs', async () => {
    // Files of this kind have no size before they are read, as one that grows in between.
    const entry = { path: 'ui/growing.json', source: '/proc/self/status' };
    await expect(packBundle([entry], join(folder(), 'out'))).rejects.toMatchObject({
      code: 'bundle.source-changed',
    });
  });

  it('stops at once when told to, and leaves nothing behind', async () => {
    const root = folder();
    const source = machineLikeBytes(8_000_000, 3);
    const controller = new AbortController();
    const packing = packBundle([{ path: 'dist/main.wasm', source }], join(root, 'out'), controller.signal);
    setImmediate(() => controller.abort());
    await expect(packing).rejects.toMatchObject({ code: 'build.cancelled' });
    expect(readdirSync(root)).toEqual([]);
    await expect(packBundle([], join(root, 'out'), AbortSignal.abort())).rejects.toMatchObject({
      code: 'build.cancelled',
    });
  });

  it('says so when the target cannot be written', async () => {
    const root = project('target ');
    const out = join(root, 'manifest.json', 'out');
    await expect(packBundle(entries(root), out)).rejects.toMatchObject({ code: 'bundle.write-failed' });
  });
});
