import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Execution, ExecutionLimits, HostFunctions } from '../../contract/index.ts';
import { createRunner, type Runner } from '../../main/runner/index.ts';
import { BuildDocument } from '../support/documents.ts';
import { root, xwbJson } from '../support/workbench.ts';

const HANDLER = `
import { get } from 'alga:extension/storage';
import { logInfo } from 'alga:extension/logging';
const text = value => ({ status: 200, headers: [], body: new TextEncoder().encode(value) });
export function handler({ http }) {
  if (http.url === '/loop') for (;;) {}
  if (http.url === '/memory') { const all = []; for (;;) all.push(new Array(100_000).fill(all.length)); }
  if (http.url === '/throw') throw new Error('the guest says no');
  if (http.url === '/echo') return { status: 201, headers: [{ name: 'X-A', value: '1' }, { name: 'x-a', value: '2' }], body: http.body };
  if (http.url === '/missing') {
    try { return text(JSON.stringify(get('n', 'k'))); } catch (error) { return text('caught ' + error.payload); }
  }
  logInfo('reached ' + http.url);
  return text('ok');
}`;

const addonPath = path.join(root, 'native', 'binding', 'xwb-native.node');
let folder: string;
let component: string;
let runner: Runner;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xwb-runner-'));
  const project = path.join(folder, 'faults');
  await mkdir(path.join(project, 'src'), { recursive: true });
  await writeFile(path.join(project, 'src', 'handler.ts'), HANDLER);
  const endpoints = [{ method: 'GET', path: '/', handler: 'handler' }];
  const manifest = {
    name: 'faults',
    publisher: 'test',
    version: '1.0.0',
    runtime: 'wasm-js@1',
    api: { endpoints },
  };
  await writeFile(path.join(project, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(path.join(project, 'package.json'), '{"name":"faults","private":true,"type":"module"}');
  const { json } = await xwbJson(BuildDocument, path.join(folder, 'data'), 'build', project);
  component = json.component?.path ?? '';
  runner = createRunner({ addonPath, cacheDir: path.join(folder, 'compiled') });
});
afterAll(async () => {
  await runner.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const denied: HostFunctions = () => Promise.resolve({ value: { err: 'missing' } });

interface Call {
  readonly body?: Uint8Array;
  readonly limits?: ExecutionLimits;
  readonly host?: HostFunctions;
  readonly signal?: AbortSignal;
  readonly from?: Runner;
}

function call(
  url: string,
  { body, limits = {}, host = denied, signal, from = runner }: Call = {},
): Promise<Execution> {
  return from.execute({
    componentPath: component,
    request: {
      context: { tenantId: 't', extensionId: 'e' },
      http: { method: 'POST', url, headers: [], ...(body && { body }) },
    },
    limits,
    host,
    ...(signal && { signal }),
  });
}

test('answers, with headers in the order of the guest, bytes as they came and log lines', async () => {
  const body = new Uint8Array(1 << 20).map((_, at) => at * 7);
  const echo = await call('/echo', { body });
  expect(echo.response).toMatchObject({
    status: 201,
    headers: [
      { name: 'X-A', value: '1' },
      { name: 'x-a', value: '2' },
    ],
  });
  expect(Buffer.compare(echo.response?.body ?? new Uint8Array(), body)).toBe(0);
  expect((await call('/echo')).response?.body).toBeUndefined();
  expect((await call('/echo', { body: new Uint8Array() })).response?.body).toHaveLength(0);
  expect((await call('/hello')).logs).toEqual([
    expect.objectContaining({ level: 'info', message: 'reached /hello' }),
  ]);
});

test('a host error reaches the guest as its case, and is recorded', async () => {
  const run = await call('/missing');
  expect(Buffer.from(run.response?.body ?? []).toString()).toBe('caught missing');
  expect(run.hostCalls).toEqual([
    expect.objectContaining({ interface: 'storage', function: 'get', outcome: 'missing' }),
  ]);
});

test('each way a guest can fail is a fault with its code, and the next call is right', async () => {
  expect((await call('/loop', { limits: { timeoutMs: 100 } })).fault?.code).toBe('guest.timeout');
  expect((await call('/memory', { limits: { memoryMb: 64 } })).fault?.code).toBe('guest.memory');
  expect((await call('/throw')).fault?.code).toBe('guest.trap');
  const controller = new AbortController();
  const run = call('/loop', { signal: controller.signal, limits: { timeoutMs: 60_000 } });
  controller.abort();
  expect((await run).fault?.code).toBe('guest.cancelled');
  const failing = await call('/missing', { host: () => Promise.reject(new Error('the host broke')) });
  expect(failing.fault).toMatchObject({
    code: 'host.failed',
    message: expect.stringContaining('the host broke') as string,
  });
  const shapeless = await call('/missing', { host: () => Promise.resolve({ value: { ok: 7 } }) });
  expect(shapeless.fault?.code).toBe('host.reply_shape');
  expect((await call('/after')).response?.status).toBe(200);
});

test('a panic in the addon is an error with a code and ends nothing', async () => {
  const addon = createRequire(import.meta.url)(addonPath) as { injectPanicForTest(): Promise<void> };
  await expect(addon.injectPanicForTest()).rejects.toMatchObject({ code: 'native.panic' });
  expect((await call('/after')).response?.status).toBe(200);
});

test('a compiled file with a flipped byte is noticed and made again', async () => {
  const cacheDir = path.join(folder, 'compiled');
  const [file] = (await readdir(cacheDir)).filter(name => !name.startsWith('.'));
  const compiled = path.join(cacheDir, file ?? '');
  const bytes = await readFile(compiled);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  await rm(compiled);
  await writeFile(compiled, bytes);
  const fresh = createRunner({ addonPath, cacheDir });
  expect((await call('/after', { from: fresh })).response?.status).toBe(200);
  await fresh.close();
});

test('what cannot be run is refused with a code', async () => {
  expect(() => createRunner({ addonPath: path.join(folder, 'nothing.node'), cacheDir: folder })).toThrow(
    expect.objectContaining({ code: 'runner.addon-missing' }),
  );
  const garbage = path.join(folder, 'garbage.wasm');
  await writeFile(garbage, 'not wasm at all');
  await expect(runner.warm(garbage)).rejects.toMatchObject({ code: 'component.not_wasm' });
  await expect(runner.warm(path.join(folder, 'absent.wasm'))).rejects.toMatchObject({
    code: 'component.unreadable',
  });
});
