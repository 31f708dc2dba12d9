import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasPageServer } from './own-vite.ts';
import { startPageServer, type PageServer, type PageServerOptions } from './page-server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const modules = path.join(root, 'node_modules');
const worker = path.join(import.meta.dirname, 'page-server-child.ts');
const BASE = '/ext-ui/x/served/';
const FILES: Readonly<Record<string, string>> = {
  'manifest.json': '{"name":"x","version":"1.0.0"}',
  'package.json': '{"name":"x","private":true,"type":"module","devDependencies":{"vite":"*"}}',
  'vite.config.js': `export default { root: 'ui', server: { port: 1, https: false, hmr: false } };`,
  'ui/index.html': '<script type="module" src="./main.ts"></script>',
  'ui/main.ts': 'const shown: string = "page"; document.title = shown;',
};

let place: string;
beforeAll(async () => {
  place = await realpath(await mkdtemp(path.join(tmpdir(), 'page server ')));
});
afterAll(() => rm(place, { recursive: true, force: true, maxRetries: 5 }));

async function project(name: string, changed: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = path.join(place, name);
  for (const [file, text] of Object.entries({ ...FILES, ...changed })) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  await mkdir(path.join(folder, 'node_modules'), { recursive: true });
  await symlink(path.join(modules, 'vite'), path.join(folder, 'node_modules', 'vite'));
  return folder;
}

function start(folder: string, options: Partial<PageServerOptions> = {}): Promise<PageServer> {
  const toolchain = {
    nodePath: process.execPath,
    nodeEnv: {},
    modulesDir: modules,
    witDir: '',
    componentizeWorker: '',
  };
  const { signal } = new AbortController();
  return startPageServer({ folder, base: BASE, clientPort: 4310, toolchain, worker, signal, ...options });
}

const get = async (server: PageServer, file: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${server.port}${BASE}${file}`)).text();

it('serves the pages below the base, wherever the project would have it, and is gone once it is closed', async () => {
  const server = await start(await project('served'));
  expect(server.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(await get(server, 'index.html')).toContain(`src="${BASE}@vite/client"`);
  expect(await get(server, 'main.ts')).toContain('const shown = "page"');
  // The socket of hot replacement is asked for at the gateway.
  expect(await get(server, '@vite/client')).toMatch(/hmrPort = 4310/);
  await server.close();
  await expect(get(server, 'index.html')).rejects.toThrow();
  await server.close();
});

it.each([
  [
    'a configuration that throws',
    { 'vite.config.js': `throw new Error('No such plugin');` },
    'No such plugin',
  ],
  [
    'one that ends the process',
    { 'vite.config.js': `console.error('Giving up'); process.exit(3);` },
    'Giving up',
  ],
])('says why %s keeps it from starting', async (name, files, reason) => {
  await expect(start(await project(name, files))).rejects.toThrow(reason);
});

it('gives up on one that does not come to listen, and when nobody waits any more', async () => {
  const folder = await project('stuck', {
    'vite.config.js': 'export default new Promise(() => setInterval(() => {}, 1e6));',
  });
  await expect(start(folder, { startMs: 300 })).rejects.toThrow('did not listen within 0.3 s');
  await expect(start(folder, { signal: AbortSignal.abort() })).rejects.toThrow('nobody waits');
});

it('tells what a server said that ended by itself', async () => {
  const config = `export default { plugins: [{ name: 'falls', configureServer() { setTimeout(() => { console.error('Out of paper'); process.exit(1); }, 100); } }] };`;
  const server = await start(await project('falls', { 'vite.config.js': config }));
  expect(await server.ended).toBe('Out of paper');
});

it('ends with whoever started it, even when that is killed', async () => {
  const folder = await project('orphan');
  const script = `
    const { startPageServer } = await import(${JSON.stringify(path.join(import.meta.dirname, 'page-server.ts'))});
    const toolchain = { nodePath: process.execPath, nodeEnv: {} };
    const { signal } = new AbortController();
    const options = { folder: ${JSON.stringify(folder)}, base: '/', clientPort: 1, worker: ${JSON.stringify(worker)} };
    const { port } = await startPageServer({ ...options, toolchain, signal });
    console.log(port);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const answers = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${Number(line.toString())}/index.html`).then(
      () => true,
      () => false,
    );
  expect(await answers()).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(answers, { timeout: 20_000 }).toBe(false);
});

it('is there for projects that name, install and configure Vite, and have a page', async () => {
  expect(await hasPageServer(await project('whole'))).toBe(true);
  const without = async (name: string, files: Readonly<Record<string, string>>): Promise<boolean> =>
    hasPageServer(await project(name, files));
  expect(await without('unnamed', { 'package.json': '{"name":"x"}' })).toBe(false);
  expect(await without('torn', { 'package.json': '{' })).toBe(false);
  const scripted = '{"name":"x","devDependencies":{"vite":"*"},"scripts":{"build":"make"}}';
  expect(await without('scripted', { 'package.json': scripted })).toBe(false);
  for (const missing of ['vite.config.js', 'ui/index.html', 'node_modules/vite']) {
    const folder = await project(`no ${path.basename(missing)}`);
    await rm(path.join(folder, missing));
    expect(await hasPageServer(folder)).toBe(false);
  }
});
