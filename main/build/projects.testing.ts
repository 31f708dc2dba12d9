import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BuildResult } from '../../contract/index.ts';
import { buildProject } from './build-project.ts';
import type { BuildOptions, StageEvent, Toolchain } from './options.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** The tools of this checkout, run by the Node that runs the tests. */
export const toolchain: Toolchain = {
  nodePath: process.execPath,
  nodeEnv: {},
  modulesDir: path.join(ROOT, 'node_modules'),
  witDir: path.join(ROOT, 'wit', 'alga-extension', '2026-08'),
  componentizeWorker: path.join(import.meta.dirname, 'componentize-child.ts'),
};

/** Stands in for the component tool: answers at once with a file that tells its source apart, and counts its runs. */
const FAKE_WORKER = `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
process.once('message', ({ source, output }) => {
  appendFileSync(new URL('./runs.txt', import.meta.url), 'run\\n');
  writeFileSync(output, '\\0asm of ' + readFileSync(source, 'utf8'));
  process.send({ ok: true, bytes: 1 }, () => process.exit(0));
});
`;

/** Never answers, and starts a process of its own; writes the ids of both. */
const HANGING_WORKER = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
process.once('message', () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  writeFileSync(new URL('./pids.json', import.meta.url), JSON.stringify([process.pid, child.pid]));
});
`;

/** A temporary place for projects, whose path has a space, with its own cache. */
export interface Workplace {
  readonly root: string;
  readonly fake: Toolchain;
  readonly hanging: Toolchain;
  /** Writes files of a project; gives its folder. */
  project(name: string, files: Readonly<Record<string, string | object>>): Promise<string>;
  build(folder: string, options?: Partial<BuildOptions>): Promise<Built>;
  dispose(): Promise<void>;
}

export interface Built extends BuildResult {
  readonly events: readonly StageEvent[];
  /** Stage names in order, `*` after those that were cached. */
  readonly ran: string;
}

export async function createWorkplace(): Promise<Workplace> {
  const root = await mkdtemp(path.join(tmpdir(), 'build test-'));
  await writeFile(path.join(root, 'fake.mjs'), FAKE_WORKER);
  await writeFile(path.join(root, 'hanging.mjs'), HANGING_WORKER);
  const fake = { ...toolchain, componentizeWorker: path.join(root, 'fake.mjs') };
  return {
    root,
    fake,
    hanging: { ...toolchain, componentizeWorker: path.join(root, 'hanging.mjs') },
    async project(name, files) {
      const folder = path.join(root, name);
      for (const [file, content] of Object.entries(files)) await writeInto(folder, file, content);
      return folder;
    },
    async build(folder, options = {}) {
      const events: StageEvent[] = [];
      const result = await buildProject(folder, {
        cacheDir: path.join(root, 'the cache'),
        toolchain: fake,
        onStage: event => events.push(event),
        ...options,
      });
      const ran = result.stages.map(({ name, cached }) => `${name}${cached ? '*' : ''}`).join(' ');
      return { ...result, events, ran };
    },
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}

export async function writeInto(folder: string, file: string, content: string | object): Promise<void> {
  const target = path.join(folder, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}

export const MANIFEST = {
  name: 'sample',
  publisher: 'acme',
  version: '0.1.0',
  runtime: 'wasm-js@1',
  capabilities: ['cap:log.emit'],
  ui: {
    type: 'iframe',
    entry: 'ui/index.html',
    hooks: { appMenu: { label: 'Sample' }, clientPortalMenu: { label: 'Sample' } },
  },
  api: { endpoints: [{ method: 'GET', path: '/', handler: 'handler' }] },
};

export const WITHOUT_UI = withoutKey(MANIFEST, 'ui');
export const WITHOUT_API = withoutKey(MANIFEST, 'api');

function withoutKey(record: object, key: string): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

export const HANDLER = `import { logInfo } from 'alga:extension/logging';
import { greeting } from './greeting';

export function handler() {
  logInfo('called');
  return { status: 200, headers: [], body: new TextEncoder().encode(greeting) };
}
`;

export const PAGE = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Sample</title></head>
  <body><p id="out"></p><script type="module" src="./main.ts"></script></body>
</html>
`;

/** A project with a handler of two files. */
export const HANDLER_ONLY = {
  'manifest.json': WITHOUT_UI,
  'src/handler.ts': HANDLER,
  'src/greeting.ts': `export const greeting: string = 'hello';\n`,
};

/** The same with a page of one file. */
export const SAMPLE = {
  ...HANDLER_ONLY,
  'manifest.json': MANIFEST,
  'ui/index.html': PAGE,
  'ui/main.ts': `const out: HTMLElement | null = document.getElementById('out');\nif (out) out.textContent = 'hi';\n`,
};
