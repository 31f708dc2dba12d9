import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Execution, ExecutionLimits, HostFunctions } from '../contract/index.ts';
import type { Runner } from '../main/runner/index.ts';
import { buildAndInstall, openCore, resourcesAt, type Core } from '../main/services/index.ts';

const HANDLER = `
import { get, put } from 'alga:extension/storage';
import { listKeys } from 'alga:extension/secrets';
const json = value => ({ status: 200, headers: [{ name: 'content-type', value: 'application/json' }], body: new TextEncoder().encode(JSON.stringify(value)) });
export function handler({ http }) {
  if (http.url === '/loop') for (;;) {}
  if (http.url === '/echo') return { status: 200, headers: [], body: http.body };
  if (http.url === '/host') for (let i = 0; i < 100; i++) listKeys();
  if (http.url === '/put') put({ namespace: 'bench', key: 'key', value: new TextEncoder().encode('{"a":"value"}') });
  if (http.url === '/storage') for (let i = 0; i < 100; i++) get('bench', 'key');
  return json({ ok: true, url: http.url });
}`;

/** Writes an extension whose handler does by its path what a bench wants. */
async function writeFixture(project: string, handler: string): Promise<void> {
  await mkdir(path.join(project, 'src'), { recursive: true });
  await writeHandler(project, handler);
  const endpoints = ['GET', 'POST'].map(method => ({ method, path: '/x', handler: 'handler' }));
  const manifest = {
    name: 'bench-extension',
    publisher: 'bench',
    version: '1.0.0',
    runtime: 'wasm-js@1',
    api: { endpoints },
  };
  await writeFile(path.join(project, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(
    path.join(project, 'package.json'),
    '{"name":"bench-extension","private":true,"type":"module"}',
  );
}

async function writeHandler(project: string, handler: string): Promise<void> {
  await writeFile(path.join(project, 'src', 'handler.ts'), handler);
}

export interface CallOptions {
  readonly body?: Uint8Array;
  readonly limits?: ExecutionLimits;
  readonly host?: HostFunctions;
  readonly signal?: AbortSignal;
}

/** Calls the fixture's handler by path; what it does wrong is in the execution. */
export type Run = (url: string, options?: CallOptions) => Promise<Execution>;

/** The way to call a component on a runner; host calls are answered with an empty list. */
export function runOf(runner: Runner, componentPath: string): Run {
  return (url, { body, limits = {}, host = () => Promise.resolve({ value: [] }), signal } = {}) =>
    runner.execute({
      componentPath,
      request: {
        context: { tenantId: 't', extensionId: 'e' },
        http: { method: 'POST', url, headers: [], ...(body && { body }) },
      },
      limits,
      host,
      ...(signal && { signal }),
    });
}

/** Calls that must go well. */
export type Call = (url: string, body?: Uint8Array) => Promise<Execution>;

/** As {@link runOf}, but throws what went wrong. */
export function callOf(runner: Runner, componentPath: string): Call {
  const run = runOf(runner, componentPath);
  return async (url, body) => {
    const execution = await run(url, { limits: { timeoutMs: 30_000 }, ...(body && { body }) });
    if (execution.fault) throw new Error(execution.fault.message);
    return execution;
  };
}

/** The fixture, built, installed and compiled, in a data folder that is gone afterwards. */
export interface Installed {
  readonly core: Core;
  /** Folder of this bench alone; the data is in its `data`. */
  readonly folder: string;
  readonly component: string;
  readonly installId: string;
  readonly registryId: string;
  /** The component of the same project after an edit of its handler. */
  readonly nextBuild: () => Promise<string>;
}

/** Does some work with the fixture, or another handler, installed. */
export async function withFixture<T>(
  root: string,
  work: (installed: Installed) => Promise<T>,
  handler = HANDLER,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xwb-bench-'));
  const core = await openCore(path.join(folder, 'data'), resourcesAt(root));
  try {
    const project = path.join(folder, 'bench-extension');
    await writeFixture(project, handler);
    const { component, installId, registryId } = await built(project, core);
    const nextBuild = async (): Promise<string> => {
      await writeHandler(project, `${handler}\nexport const edited = 'after the first build';`);
      return (await built(project, core)).component;
    };
    return await work({ core, folder, component, installId, registryId, nextBuild });
  } finally {
    await core.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function built(
  project: string,
  core: Core,
): Promise<Pick<Installed, 'component' | 'installId' | 'registryId'>> {
  const { install } = await buildAndInstall(project, core, core.build);
  const component = install?.componentPath;
  if (!install || component === undefined) throw new Error('The fixture did not build.');
  return { component, installId: install.installId, registryId: install.registryId };
}
