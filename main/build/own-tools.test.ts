import { chmod, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createWorkplace,
  MANIFEST,
  SAMPLE,
  WITHOUT_API,
  writeInto,
  type Workplace,
} from './projects.testing.ts';

let place: Workplace;
beforeAll(async () => {
  place = await createWorkplace();
});
afterAll(async () => {
  await place.dispose();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Puts an `npm` first on the path that writes down its arguments and does as told. */
async function fakeNpm(script: string): Promise<string> {
  const bin = path.join(place.root, `bin-${script.length}`);
  const calls = path.join(bin, 'calls.txt');
  await mkdir(bin, { recursive: true });
  await writeInto(bin, 'npm', `#!/bin/sh\necho "$@" >> "${calls}"\n${script}\n`);
  await chmod(path.join(bin, 'npm'), 0o755);
  vi.stubEnv('PATH', `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`);
  return calls;
}

describe('dependencies', () => {
  const withPackages = (dependencies: Record<string, string>) => ({
    ...SAMPLE,
    'package.json': { name: 'x', version: '0.1.0', private: true, type: 'module', dependencies },
  });

  it('takes the packages of the workbench without npm', async () => {
    vi.stubEnv('PATH', '');
    const folder = await place.project('brought', withPackages({ '@alga-psa/extension-runtime': '^0.3.0' }));
    expect(await place.build(folder)).toMatchObject({
      ok: true,
      ran: 'check dependencies* handler component ui pack',
    });
  });

  it('installs what is missing', async () => {
    const calls = await fakeNpm(
      `mkdir -p node_modules/tiny && echo '{"name":"tiny","version":"1.2.3"}' > node_modules/tiny/package.json`,
    );
    const folder = await place.project('installs', withPackages({ tiny: '^1.0.0' }));
    expect((await place.build(folder)).ran).toMatch(/^check dependencies handler /);
    expect((await place.build(folder)).ran).toMatch(/^check dependencies\* handler/);
    expect(await readFile(calls, 'utf8')).toBe('install\n');
  });

  it('gives npm’s reason at the package’s line', async () => {
    await fakeNpm(`echo "npm error code E404" >&2; echo "npm error 404 no such package: tiny-x" >&2; exit 1`);
    const folder = await place.project('fails', withPackages({ 'tiny-x': '^1.0.0' }));
    const result = await place.build(folder);
    expect(result).toMatchObject({ ok: false, ran: 'check dependencies' });
    expect(result.problems.at(-1)).toMatchObject({
      code: 'build.dependencies-failed',
      file: 'package.json',
      line: 7,
      column: 5,
      message: expect.stringContaining('no such package: tiny-x') as string,
    });
    expect(result.events.some(event => event.log?.includes('E404'))).toBe(true);
  });

  it('never runs npm offline, and says when there is none', async () => {
    const folder = await place.project('offline', withPackages({ 'tiny-y': '^1.0.0' }));
    const offline = await place.build(folder, { offline: true });
    expect(offline.problems.at(-1)).toMatchObject({ code: 'build.dependencies-failed' });
    vi.stubEnv('PATH', '');
    expect((await place.build(folder)).problems.at(-1)).toMatchObject({ code: 'build.npm-missing' });
  });
});

describe("a project's own build script", () => {
  const BUILD = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const word = readFileSync('src/word.txt', 'utf8').trim();
if (word === 'fail') { console.error('src/handler.ts:3:7: error: the word is fail'); process.exit(1); }
mkdirSync('dist/ui', { recursive: true });
if (word !== 'nothing') writeFileSync('dist/component.wasm', word);
writeFileSync('dist/ui/index.html', word);
console.log('built ' + word + ' in ' + (process.env.NODE_ENV ?? 'no mode'));
`;
  const own = (name: string, word: string, manifest: object = MANIFEST) =>
    place.project(name, {
      'manifest.json': manifest,
      'package.json': {
        name: 'x',
        version: '0.1.0',
        private: true,
        type: 'module',
        scripts: { prebuild: 'node -e "console.log(\'before\')"', build: 'node build.mjs' },
      },
      'build.mjs': BUILD,
      'src/word.txt': word,
      'src/handler.ts': SAMPLE['src/handler.ts'],
      'src/greeting.ts': SAMPLE['src/greeting.ts'],
      'ui/index.html': 'not this one',
    });

  it('runs instead of our stages, its output in the log, once per change', async () => {
    const folder = await own('own script', 'first');
    const result = await place.build(folder);
    expect(result.problems.filter(problem => problem.severity === 'error')).toEqual([]);
    expect(result.ran).toBe('check dependencies* script pack');
    const log = result.events.flatMap(event => event.log ?? []);
    expect(log).toContain('before');
    expect(log).toContain('built first in no mode');
    expect(await readFile(path.join(folder, 'dist', 'main.wasm'), 'utf8')).toBe('first');
    expect(await readFile(path.join(folder, 'dist', 'ui', 'index.html'), 'utf8')).toBe('first');
    expect((await place.build(folder)).ran).toBe('check dependencies* script* pack*');

    await writeInto(folder, 'src/word.txt', 'second');
    const again = await place.build(folder);
    expect(again.ran).toBe('check dependencies* script pack');
    expect(again.bundle?.contentHash).not.toBe(result.bundle?.contentHash);
  });

  it('reports its failure with the place it named', async () => {
    const result = await place.build(await own('own failure', 'fail'));
    expect(result).toMatchObject({ ok: false, ran: 'check dependencies* script' });
    expect(result.problems.at(-1)).toMatchObject({
      code: 'build.script-failed',
      file: 'src/handler.ts',
      line: 3,
      column: 7,
      message: expect.stringMatching(/failed with exit status 1: .*the word is fail/s) as string,
    });
  });

  it('needs a component only when the manifest declares endpoints', async () => {
    const needed = await place.build(await own('own nothing', 'nothing'));
    expect(needed.problems.at(-1)).toMatchObject({ code: 'build.script-no-component' });
    const notNeeded = await place.build(await own('own ui', 'nothing', WITHOUT_API));
    expect(notNeeded.ok).toBe(true);
    expect(notNeeded.component).toBeUndefined();
  });
});
