import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  END,
  paxEntry,
  rawEntry,
  tarOf,
  temporaryFolders,
  writeBundle,
  writeFile,
  type RawEntry,
} from './archives.testing.ts';
import { extractBundle, packBundle, type IntakeLimits } from './index.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const folder = temporaryFolders();
const MANIFEST = JSON.stringify({
  name: 'notes',
  version: '1.0.0',
  runtime: 'wasm-js@1',
  ui: { type: 'iframe', entry: 'ui/index.html' },
  api: { endpoints: [{ method: 'GET', path: '/', handler: 'h' }] },
});
const GOOD: RawEntry[] = [
  { path: 'manifest.json', body: MANIFEST },
  { path: 'dist/main.wasm', body: 'component' },
  { path: 'ui/index.html', body: '<p>' },
];

let root = '';
let cacheDir = '';
beforeEach(() => {
  root = folder();
  cacheDir = join(root, 'cache');
});

async function take(tar: Uint8Array, limits: Partial<IntakeLimits> = {}) {
  const { file } = writeBundle(root, tar);
  return extractBundle(file, { cacheDir, limits: { ...DEFAULT_LIMITS, ...limits } });
}

async function refuse(bundle: Promise<unknown>, code: string) {
  await expect(bundle).rejects.toMatchObject({ name: 'WorkbenchError', code });
  // Nothing half-written, nothing left over.
  if (existsSync(cacheDir)) expect(readdirSync(cacheDir)).toEqual([]);
}

describe('extractBundle (spec 1.6)', () => {
  it('lays the files out as the runner does and says where they are', async () => {
    const { file, hex } = writeBundle(
      root,
      tarOf(...GOOD, { path: 'ui/assets/a.js', body: 'a' }, { path: 'wit/x.wit', body: 'w' }),
    );
    const bundle = await extractBundle(file, { cacheDir, expectedHash: `sha256:${hex.toUpperCase()}` });
    const dir = join(cacheDir, hex);
    expect(bundle).toEqual({
      contentHash: `sha256:${hex}`,
      dir,
      manifestText: MANIFEST,
      componentPath: join(dir, 'bundle/dist/main.wasm'),
      uiDir: join(dir, 'ui'),
      warnings: [],
    });
    expect(readFileSync(join(dir, 'ui/assets/a.js'), 'utf8')).toBe('a');
    expect(readFileSync(join(dir, 'bundle/wit/x.wit'), 'utf8')).toBe('w');
    expect(readFileSync(join(dir, 'bundle/dist/main.wasm'), 'utf8')).toBe('component');
    expect(statSync(join(dir, 'ui/index.html')).mode & 0o777).toBe(0o444);
    expect(existsSync(join(dir, 'bundle/.ready'))).toBe(true);
    expect(readdirSync(cacheDir)).toEqual([hex]);
  });

  it('reads back what packBundle wrote', async () => {
    const out = join(root, 'bundle.tar.zst');
    const long = `ui/${'deep/'.repeat(60)}ä.js`;
    const big = Buffer.alloc(700_001, 'abc');
    const packed = await packBundle(
      [
        { path: 'manifest.json', source: Buffer.from(MANIFEST) },
        { path: long, source: Buffer.from('x') },
        { path: 'dist/main.wasm', source: big },
        { path: 'ui/index.html', source: Buffer.alloc(0) },
      ],
      out,
    );
    const bundle = await extractBundle(out, { cacheDir, expectedHash: packed.contentHash });
    expect(bundle.contentHash).toBe(packed.contentHash);
    expect(bundle.warnings).toEqual([]);
    expect(readFileSync(join(bundle.dir, long), 'utf8')).toBe('x');
    expect(readFileSync(bundle.componentPath ?? '').equals(big)).toBe(true);
  });

  it.skipIf(!['tar', 'zstd'].every(tool => existsSync(join('/usr/bin', tool))))(
    'takes in what the official command line packs',
    async () => {
      const project = join(root, 'project');
      const deep = `ui/${'folder-with-a-long-name/'.repeat(6)}page.html`;
      for (const [path, text] of [
        ...GOOD.map(({ path = '', body = '' }) => [path, String(body)]),
        [deep, 'deep'],
      ]) {
        mkdirSync(dirname(join(project, path ?? '')), { recursive: true });
        writeFileSync(join(project, path ?? ''), text ?? '');
      }
      const cli = resolve(import.meta.dirname, '../../node_modules/@alga-psa/cli/dist/cli.js');
      execFileSync(process.execPath, [cli, 'pack', '--project', project], { stdio: 'pipe' });
      const packed = join(project, 'dist/bundle.tar.zst');
      const expectedHash = readFileSync(join(project, 'dist/bundle.sha256'), 'utf8').trim();
      const bundle = await extractBundle(packed, { cacheDir, expectedHash });
      expect(bundle.warnings).toEqual([]);
      expect(readFileSync(bundle.componentPath ?? '', 'utf8')).toBe('component');
      expect(readFileSync(join(bundle.dir, deep), 'utf8')).toBe('deep');
      expect(existsSync(join(bundle.dir, 'bundle/artifacts/component/component.wasm'))).toBe(true);
    },
  );

  it('understands the ways other tools write paths: ./, folders, pax, GNU long names, v7', async () => {
    const pax = `ui/${'p'.repeat(150)}.js`;
    const gnu = `ui/${'g'.repeat(150)}.js`;
    const bundle = await take(
      tarOf(
        { path: './', type: 'Directory' },
        { path: './manifest.json', body: MANIFEST },
        { path: './ui/', type: 'Directory' },
        { path: '././ui/index.html', body: '<p>' },
        { path: 'pax_global_header', type: 'GlobalExtendedHeader', body: '18 comment=commit\n' },
        paxEntry({ path: pax }),
        { path: 'short', body: 'pax' },
        { path: '././@LongLink', type: 'NextFileHasLongPath', body: `${gnu}\0` },
        { path: 'cut', body: 'gnu' },
        { path: 'dist/main.wasm', type: 'OldFile', body: 'c' },
        { path: 'empty/', type: 'Directory' },
      ),
    );
    expect(bundle.warnings).toEqual([]);
    expect(readFileSync(join(bundle.dir, pax), 'utf8')).toBe('pax');
    expect(readFileSync(join(bundle.dir, gnu), 'utf8')).toBe('gnu');
    expect(statSync(join(bundle.dir, 'bundle/empty')).isDirectory()).toBe(true);
  });

  it('bears a bundle with neither manifest nor component nor UI, and says so', async () => {
    const bundle = await take(tarOf({ path: 'readme', body: 'x' }));
    expect(Object.keys(bundle).sort()).toEqual(['contentHash', 'dir', 'warnings']);
    expect(bundle.warnings).toMatchObject([{ code: 'bundle.no-manifest', severity: 'warning' }]);
  });

  it('says what the manifest promises and the bundle lacks', async () => {
    const { warnings } = await take(tarOf({ path: 'manifest.json', body: MANIFEST }));
    expect(warnings.map(warning => warning.code)).toEqual(['bundle.no-component', 'bundle.no-page']);
  });

  it('reads the manifest that finalize would: the first one, at most one folder deep', async () => {
    const wrapped = await take(
      tarOf({ path: 'my-ext/manifest.json', body: '{}' }, { path: 'my-ext/dist/main.wasm', body: 'c' }),
    );
    expect(wrapped.manifestText).toBe('{}');
    expect(wrapped.componentPath).toBeUndefined();
    const shadowed = await take(
      tarOf({ path: 'a/b/manifest.json', body: '0' }, { path: 'ui/manifest.json', body: '1' }, ...GOOD),
    );
    expect(shadowed.manifestText).toBe('1');
    for (const { warnings } of [wrapped, shadowed])
      expect(warnings[0]?.code).toBe('bundle.manifest-not-root');
  });
});

describe('what the platform passes over silently becomes a warning', () => {
  it.each([
    ['/etc/passwd', /absolute/],
    ['../up.js', /"\.\."/],
    ['ui/../../up.js', /"\.\."/],
    ['ui/a..b.js', /"\.\."/],
    ['ui//a.js', /empty segment/],
    ['ui/.env', /dot/],
    ['.git/config', /dot/],
    ['./.hidden', /dot/],
  ])('%s', async (path, reason) => {
    const bundle = await take(tarOf(...GOOD, paxEntry({ path }), { path: 'x', body: 'hidden' }));
    expect(bundle.warnings).toMatchObject([
      { code: 'bundle.entry-skipped', message: expect.stringMatching(reason) as unknown, file: path },
    ]);
    const files = readdirSync(bundle.dir, { recursive: true, encoding: 'utf8' }).filter(name =>
      statSync(join(bundle.dir, name)).isFile(),
    );
    expect(files.sort()).toEqual([
      'bundle/.ready',
      'bundle/dist/main.wasm',
      'bundle/manifest.json',
      'ui/index.html',
    ]);
    expect(existsSync(join(root, 'up.js'))).toBe(false);
  });

  it('names that differ in case only, and bytes after the end', async () => {
    const tail = Buffer.concat([
      tarOf(...GOOD, { path: 'ui/App.js' }, { path: 'ui/app.js' }),
      Buffer.from('tail'),
    ]);
    const { warnings } = await take(tail);
    expect(warnings.map(warning => warning.code)).toEqual(['bundle.case-collision', 'bundle.trailing-data']);
  });

  it('does not let a hostile bundle flood the reader with remarks', async () => {
    const many = Array.from({ length: 400 }, (_, index) => ({ path: `.h${index}` }));
    const { warnings } = await take(tarOf(...GOOD, ...many));
    expect(warnings).toHaveLength(51);
    expect(warnings.at(-1)?.message).toContain('350 more');
  });
});

describe('refused', () => {
  it.each<[what: string, entry: RawEntry]>([
    ['symbolic link', { path: 'ui/link.js', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
    ['hard link', { path: 'ui/link.js', type: 'Link', linkpath: 'manifest.json' }],
    ['device', { path: 'ui/null', type: 'CharacterDevice' }],
    ['pipe', { path: 'ui/pipe', type: 'FIFO' }],
    ['sparse file', { path: 'ui/sparse', type: 'SparseFile' }],
    ['link in a hidden folder', { path: '.x/link', type: 'SymbolicLink', linkpath: '/' }],
    ['back-slash', { path: 'ui\\..\\..\\evil.js' }],
    ['drive letter', { path: 'C:evil.js' }],
    ['control character', { path: 'ui/a\u0007.js' }],
    ['broken UTF-8', { path: 'ui/\uFFFD.js' }],
    ['long name', { path: `ui/${'n'.repeat(70)}/${'m'.repeat(90)}` }],
    ['file where a folder is', { path: 'ui' }],
    ['folder where a file is', { path: 'manifest.json/x' }],
    ['folder entry where a file is', { path: 'manifest.json/', type: 'Directory' }],
  ])('%s', async (_what, entry) => {
    await refuse(take(tarOf(...GOOD, entry), { maxPathBytes: 128 }), 'bundle.bad-entry');
  });

  it('a name longer than file systems take', async () => {
    await refuse(
      take(tarOf(...GOOD, paxEntry({ path: `ui/${'n'.repeat(256)}` }), { path: 'x' })),
      'bundle.bad-entry',
    );
  });

  it.each(['ui/index.html', './ui/index.html'])('the same path again: %s', async path => {
    await refuse(take(tarOf(...GOOD, { path })), 'bundle.duplicate-entry');
  });

  it.each<[what: string, limits: Partial<IntakeLimits>]>([
    ['the file', { maxBundleBytes: 100 }],
    ['the number of entries', { maxEntries: 2 }],
    ['one entry', { maxEntryBytes: 5 }],
    ['the whole', { maxTotalBytes: 2000 }],
  ])('too large: %s', async (_what, limits) => {
    await refuse(take(tarOf(...GOOD), limits), 'bundle.too-large');
  });

  it('an archive bomb, before it is on disk', async () => {
    const bomb = tarOf({ path: 'ui/zeros.js', body: Buffer.alloc(80 * 1024 * 1024) });
    await refuse(take(bomb), 'bundle.too-large');
  });

  it('an entry that claims more than it has, without believing it', async () => {
    await refuse(
      take(Buffer.concat([rawEntry({ path: 'ui/a.js', size: 200 * 1024 * 1024 }), END])),
      'bundle.corrupt',
    );
    await refuse(
      take(tarOf({ path: 'x', type: 'ExtendedHeader', size: 100 * 1024 * 1024 })),
      'bundle.corrupt',
    );
  });

  it('a manifest too large to be one', async () => {
    await refuse(
      take(tarOf({ path: 'manifest.json', body: Buffer.alloc(5 * 1024 * 1024, ' ') })),
      'bundle.too-large',
    );
  });
});

describe('damaged', () => {
  const compressed = zstdCompressSync(
    tarOf(...GOOD, {
      path: 'ui/big.js',
      body: Buffer.from(Array.from({ length: 9999 }, (_, i) => (i * i) % 251)),
    }),
    { params: { [constants.ZSTD_c_checksumFlag]: 1 } },
  );
  const flipped = Buffer.from(compressed);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 0xff;

  it.each<[what: string, bytes: Uint8Array]>([
    ['empty file', Buffer.alloc(0)],
    ['other format', Buffer.from('PK\u0003\u0004 this is a zip file, more or less')],
    ['cut compressed stream', compressed.subarray(0, compressed.length - 20)],
    ['flipped byte', flipped],
    ['bytes after the compressed stream', Buffer.concat([compressed, Buffer.from('more')])],
    ['not a tar', zstdCompressSync(Buffer.from('hello '.repeat(200)))],
    ['cut header', zstdCompressSync(rawEntry({ path: 'a' }).subarray(0, 300))],
    ['cut body', zstdCompressSync(rawEntry({ path: 'a', body: 'x'.repeat(2000) }).subarray(0, 1024))],
    ['hole', zstdCompressSync(Buffer.concat([Buffer.alloc(512), rawEntry({ path: 'a' })]))],
  ])('%s', async (_what, bytes) => {
    const { file } = writeFile(root, bytes);
    await refuse(extractBundle(file, { cacheDir }), 'bundle.corrupt');
  });

  it('a header that was tampered with', async () => {
    const tar = tarOf(...GOOD);
    tar[1] = 0x7a;
    await refuse(take(tar), 'bundle.corrupt');
  });

  it('accepts an archive without its end marks, as the platform does', async () => {
    const bundle = await take(Buffer.concat(GOOD.map(rawEntry)));
    expect(bundle.warnings).toEqual([]);
  });

  it('random bytes never do worse than a coded error', async () => {
    let state = 42;
    for (let run = 0; run < 60; run += 1) {
      const tar = Buffer.from(tarOf(...GOOD));
      for (let edit = 0; edit < 4; edit += 1) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        tar[state % tar.length] = state >>> 24;
      }
      const { file } = writeBundle(root, tar);
      const outcome = await extractBundle(file, { cacheDir: join(root, `cache-${run}`) }).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error)
        expect(outcome).toMatchObject({ code: expect.stringMatching(/^bundle\./) as unknown });
    }
  });
});

describe('hash', () => {
  it('another than expected is refused before anything is unpacked', async () => {
    const { file } = writeBundle(root, tarOf(...GOOD));
    const expectedHash = `sha256:${'0'.repeat(64)}`;
    await refuse(extractBundle(file, { cacheDir, expectedHash }), 'bundle.hash-mismatch');
  });

  it('may be given bare', async () => {
    const { file, hex } = writeBundle(root, tarOf(...GOOD));
    await expect(extractBundle(file, { cacheDir, expectedHash: hex })).resolves.toMatchObject({
      contentHash: `sha256:${hex}`,
    });
  });

  it('a missing file is unreadable', async () => {
    await refuse(extractBundle(join(root, 'gone'), { cacheDir }), 'bundle.unreadable');
  });
});

describe('an extraction that is already there', () => {
  it('is used again, warnings included', async () => {
    const { file, hex } = writeBundle(root, tarOf(...GOOD, { path: '.hidden' }));
    const first = await extractBundle(file, { cacheDir });
    const marker = join(cacheDir, hex, 'bundle/.ready');
    const before = statSync(marker).mtimeMs;
    expect(await extractBundle(file, { cacheDir })).toEqual(first);
    expect(statSync(marker).mtimeMs).toBe(before);
  });

  it.each<[what: string, damage: (dir: string) => void]>([
    ['has no marker', dir => rmSync(join(dir, 'bundle/.ready'))],
    [
      'has a broken marker',
      dir => {
        rmSync(join(dir, 'bundle/.ready'));
        writeFileSync(join(dir, 'bundle/.ready'), '{');
      },
    ],
    ['lacks a file', dir => rmSync(join(dir, 'ui/index.html'))],
    [
      'has a cut file',
      dir => {
        chmodSync(join(dir, 'bundle/dist/main.wasm'), 0o644);
        writeFileSync(join(dir, 'bundle/dist/main.wasm'), '');
      },
    ],
  ])('is made anew when it %s', async (_what, damage) => {
    const { file, hex } = writeBundle(root, tarOf(...GOOD));
    await extractBundle(file, { cacheDir });
    damage(join(cacheDir, hex));
    const { componentPath } = await extractBundle(file, { cacheDir });
    expect(readFileSync(componentPath ?? '', 'utf8')).toBe('component');
    expect(readFileSync(join(cacheDir, hex, 'ui/index.html'), 'utf8')).toBe('<p>');
    expect(readdirSync(cacheDir)).toEqual([hex]);
  });

  it('may be made by several at once', async () => {
    const { file, hex } = writeBundle(root, tarOf(...GOOD));
    const results = await Promise.all(Array.from({ length: 8 }, () => extractBundle(file, { cacheDir })));
    for (const result of results) expect(result).toEqual(results[0]);
    expect(readdirSync(cacheDir)).toEqual([hex]);
  });

  it('sweeps what killed processes left, but nothing that may be in use', async () => {
    mkdirSync(join(cacheDir, '.incoming-old/ui'), { recursive: true });
    mkdirSync(join(cacheDir, '.incoming-new'), { recursive: true });
    utimesSync(join(cacheDir, '.incoming-old'), 1, 1);
    const { hex } = await take(tarOf(...GOOD)).then(bundle => ({ hex: bundle.contentHash.slice(7) }));
    expect(readdirSync(cacheDir).sort()).toEqual(['.incoming-new', hex].sort());
  });

  it('a cache that cannot be written is said so', async () => {
    writeFileSync(join(root, 'file'), '');
    const { file } = writeBundle(root, tarOf(...GOOD));
    await expect(extractBundle(file, { cacheDir: join(root, 'file/cache') })).rejects.toMatchObject({
      code: 'bundle.write-failed',
    });
  });
});
