import { mkdtemp, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DebugEvent } from '../../main/hosting/index.ts';
import { packBundle } from '../../main/bundle/index.ts';
import { createCapabilities } from '../../main/capabilities/index.ts';
import { contextWith, memoryStore } from '../../main/capabilities/test-kit.ts';
import { HOST_CALL_TIMEOUT_MS } from '../../main/runner/runs.ts';
import { resourcesAt } from '../../main/services/index.ts';
import { openRunnerService, type RunnerService } from '../../main/services/runner-server.ts';
import { root } from '../support/workbench.ts';
import { guestOf, setStatus, witOf } from './guest.testing.ts';

const TENANT = '0f0e0d0c-1111-4222-8333-444455556666';
const EXTENSION = 'aabbccdd-1111-4222-8333-444455556666';
const PAGES_PER_MIB = 16;
/** Number of `logging.log-info` among the twelve functions of the first world. */
const LOG_INFO = 8;

let folder: string;
let store: string;
let runner: RunnerService;
const events: DebugEvent[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xwb-limits-'));
  store = path.join(folder, 'store');
  runner = await openRunnerService({
    dataDir: path.join(folder, 'data'),
    resources: resourcesAt(root),
    port: 0,
    bundleStore: store,
    env: {},
    onDebug: event => events.push(event),
  });
});
afterAll(async () => {
  await runner.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Answer {
  readonly status: number;
  readonly error: string | null;
}

/** Puts a guest into the store; gives the hash of its bundle. */
async function stored(component: Uint8Array): Promise<string> {
  const packed = path.join(folder, 'packed.tar.zst');
  const entry = { path: 'dist/main.wasm', source: Buffer.from(component) };
  const { contentHash } = await packBundle([entry], packed);
  const hex = contentHash.replace('sha256:', '');
  const place = path.join(store, 'tenants', TENANT, 'extensions', EXTENSION, 'sha256', hex);
  await mkdir(place, { recursive: true });
  await rename(packed, path.join(place, 'bundle.tar.zst'));
  return contentHash;
}

async function stock(body: string): Promise<string> {
  return stored(await guestOf(await witOf('1-common'), () => body));
}

async function call(content_hash: string, limits: object, more: object = {}): Promise<Answer> {
  const response = await fetch(`${runner.url}/v1/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-alga-tenant': TENANT, 'x-alga-extension': EXTENSION },
    body: JSON.stringify({
      context: { tenant_id: TENANT, extension_id: EXTENSION, content_hash, ...more },
      http: { method: 'GET', path: '/' },
      limits,
    }),
  });
  return (await response.json()) as Answer;
}

/** Grows the memory by MiB, and answers 201 when that was refused. */
const grow = (mib: number): string =>
  setStatus(
    `(i32.add (i32.const 200) (i32.eq (memory.grow (i32.const ${mib * PAGES_PER_MIB})) (i32.const -1)))`,
  );
const LOOP = '(loop $again br $again)';
const WAIT_100_MS = `(local.set 0 (i32.const 50000000))
(loop $again (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $again (local.get 0)))`;

describe('each row of spec 4.7', () => {
  test.each([
    ['an endless loop ends at its limit', LOOP, { timeout_ms: 100 }, 500, /^execute_failed: guest\.timeout/],
    ['less than a tick is one tick', LOOP, { timeout_ms: 1 }, 500, /^execute_failed: guest\.timeout/],
    ['none ends at the first step', '', {}, 500, /^execute_failed: limits\.timeout_ms is missing/],
    ['enough is enough', WAIT_100_MS, { timeout_ms: 60_000 }, 200, undefined],
  ])('time: %s', async (_name, body, limits, status, error) => {
    const answer = await call(await stock(body), limits);
    expect(answer.status).toBe(status);
    if (error === undefined) expect(answer.error).toBeNull();
    else expect(answer.error).toMatch(error);
  });

  test.each([
    ['under the default of 256 MiB', 240, {}, 200],
    ['over the default of 256 MiB is refused, and the guest goes on', 300, {}, 201],
    ['over the default where the call allows more', 300, { memory_mb: 400 }, 200],
    ['over a limit of the call is refused, and the guest goes on', 40, { memory_mb: 32 }, 201],
  ])('memory: growth %s', async (_name, mib, limits, status) => {
    expect(await call(await stock(grow(mib)), { timeout_ms: 10_000, ...limits })).toMatchObject({
      status,
      error: null,
    });
  });

  test('memory: a limit below what the guest begins with says what it needs', async () => {
    const { error } = await call(await stock(''), { timeout_ms: 1000, memory_mb: 1 });
    expect(error).toMatch(/^execute_failed: guest\.memory/);
  });

  test('fuel: without effect', async () => {
    expect(await call(await stock(WAIT_100_MS), { timeout_ms: 10_000, fuel: 1 })).toMatchObject({
      status: 200,
    });
  });

  test('concurrency: no limit in the process', async () => {
    const hash = await stock(WAIT_100_MS);
    const answers = await Promise.all(Array.from({ length: 24 }, () => call(hash, { timeout_ms: 60_000 })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 24 }, () => 200));
  });

  test('pools: more at once than the platform has instances, 256', async () => {
    const hash = await stock('');
    const answers = await Promise.all(Array.from({ length: 300 }, () => call(hash, { timeout_ms: 60_000 })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  test('host HTTP: 30 s, and the runner waits longer for a host call than that', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    const records = memoryStore();
    const capabilities = createCapabilities({ store: records });
    const fetched = capabilities.hostFunctions(contextWith(['cap:http.fetch']))({
      interface: 'http',
      function: 'fetch',
      args: { request: { method: 'GET', url: `${runner.url}/healthz`, headers: [] } },
    });
    expect((await fetched).value).toMatchObject({ ok: { status: 200 } });
    await capabilities.close();
    records.close();
    expect(timeout).toHaveBeenCalledWith(30_000);
    timeout.mockRestore();
    expect(HOST_CALL_TIMEOUT_MS).toBeGreaterThan(30_000);
  });

  test('lines arrive under the request that wrote them', async () => {
    const line = `(i32.store (i32.const 0) (i32.const 0x6f6c6c61)) (call ${LOG_INFO} (i32.const 0) (i32.const 4))`;
    const hash = await stock(line);
    const requests = ['r-1', 'r-2', 'r-3'];
    await Promise.all(requests.map(request_id => call(hash, { timeout_ms: 10_000 }, { request_id })));
    const lines = events.filter(({ request_id = '' }) => requests.includes(request_id));
    expect(lines.map(({ request_id, message }) => `${request_id ?? ''} ${message}`).sort()).toEqual(
      requests.map(id => `${id} allo`),
    );
  });

  test.each([
    ['environment', 'cli', 'environment', 'get-environment: func() -> list<tuple<string, string>>;'],
    ['arguments of the runner', 'cli', 'environment', 'get-arguments: func() -> list<string>;'],
    [
      'preopened folders',
      'filesystem',
      'preopens',
      'use types.{descriptor}; get-directories: func() -> list<tuple<descriptor, string>>;',
    ],
  ])('WASI: no %s', async (_name, name, member, text) => {
    const world = (await witOf('1-common')).replace(
      'import context;',
      `import context; import wasi:${name}/${member}@0.2.3;`,
    );
    const wit = `${world}
package wasi:${name}@0.2.3 {
  interface types { resource descriptor; }
  interface ${member} { ${text} }
}`;
    // The world's functions in their order: context has one, then comes this. Its answer is a pointer and a length.
    const count = setStatus('(i32.add (i32.const 200) (i32.load (i32.const 4100)))');
    const guest = await guestOf(wit, module => {
      const own =
        /\(import "cm32p2\|wasi:(?:cli|filesystem)[^"]*" "get-\w+" \(func \(;(\d+);\)/.exec(module)?.[1] ??
        '';
      return `(call ${own} (i32.const 4096))\n${count}`;
    });
    expect(await call(await stored(guest), { timeout_ms: 10_000 })).toMatchObject({
      status: 200,
      error: null,
    });
  });
});
