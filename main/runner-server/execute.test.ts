import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WorkbenchError } from '../../contract/index.ts';
import { BundleCache } from './bundle-cache.ts';
import {
  addBundle,
  answered,
  EXTENSION,
  faulted,
  type FakeRunner,
  openBench,
  TENANT,
  type Bench,
} from './test-kit.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.runner.runs.length = 0;
  bench.runner.behave = () => Promise.resolve(answered({ status: 200, headers: [] }));
  bench.capabilities.contexts.length = 0;
  bench.events.length = 0;
});

const SECRET = { ciphertext_b64: Buffer.from('{"api_key":"hush-hush"}').toString('base64') };
const BAD_SECRET = { ciphertext_b64: 'no base64!' };
const UNKNOWN = ['http.fetch', 'Metrics', 'http.fetch', 'cap:http.fetch'];
const GONE = { content_hash: 'ab'.repeat(32) };

/** The guest's request as the runner got it. */
function seen(): FakeRunner['last'] {
  return bench.runner.last;
}

describe('each row of spec 4.3: order and outcomes', () => {
  // Each row breaks its own step and every later one, so that the order shows.
  test.each<[string, Record<string, object | null>, Record<string, string>, number, RegExp]>([
    [
      '1: an empty tenant',
      { context: GONE, providers: UNKNOWN, secret_envelope: BAD_SECRET, limits: { timeout_ms: null } },
      { 'x-alga-tenant': '' },
      400,
      /^missing_routing_headers$/,
    ],
    ['1: an empty extension', {}, { 'x-alga-extension': '' }, 400, /^missing_routing_headers$/],
    [
      '4: no such bundle',
      { context: GONE, providers: UNKNOWN, secret_envelope: BAD_SECRET, http: { body_b64: '!' } },
      {},
      502,
      /^bundle_fetch_failed: /,
    ],
    [
      '4: headers name the bundle, not the context',
      {},
      { 'x-alga-tenant': 'nobody/' },
      502,
      /^bundle_fetch_failed: /,
    ],
    [
      '5: unknown names',
      { providers: UNKNOWN, secret_envelope: BAD_SECRET, http: { body_b64: '!' } },
      {},
      400,
      /^unknown_capabilities: http\.fetch, metrics$/,
    ],
    [
      '6: no envelope to open',
      { secret_envelope: BAD_SECRET, http: { body_b64: '!' } },
      {},
      500,
      /^secret_decrypt_failed$/,
    ],
    ['7: no base64', { http: { body_b64: '!' }, limits: { timeout_ms: null } }, {}, 500, /^execute_failed: /],
    ['7: no time limit', { limits: { timeout_ms: null } }, {}, 500, /^execute_failed: limits\.timeout_ms/],
  ])('step %s', async (_name, changes, headers, status, error) => {
    const answer = await bench.execute(bench.envelope(changes), headers);
    expect(answer).toEqual({
      status,
      headers: {},
      body_b64: null,
      error: expect.stringMatching(error) as string,
    });
    expect(bench.runner.runs).toHaveLength(0);
  });

  test('step 3: no bundle store', async () => {
    await using bare = await openBench({ bundles: new BundleCache(join(bench.dir, 'bare'), undefined) });
    expect(await bare.execute(bare.envelope({ context: GONE }))).toMatchObject({
      status: 500,
      error: expect.stringMatching(/^engine_init_failed: /) as string,
    });
  });

  test.each<[string, () => Promise<never>, number, RegExp]>([
    [
      'a component that cannot be linked',
      () => rejected('component.unknown_import'),
      500,
      /^execute_failed: component\.unknown_import/,
    ],
    [
      'limits that the engine refuses',
      () => rejected('request.limits'),
      500,
      /^execute_failed: request\.limits/,
    ],
    [
      'something unforeseen',
      () => Promise.reject(new Error('boom')),
      500,
      /^execute_failed: internal\.unexpected: boom/,
    ],
    [
      'a component that is gone',
      () => rejected('component.unreadable'),
      502,
      /^bundle_fetch_failed: component\.unreadable/,
    ],
  ])('step 7: %s', async (_name, behave, status, error) => {
    bench.runner.behave = behave;
    expect(await bench.execute(bench.envelope())).toMatchObject({
      status,
      error: expect.stringMatching(error) as string,
    });
  });

  test('step 7: what the guest does wrong, with the whole chain in a debug event', async () => {
    bench.runner.behave = () => Promise.resolve(faulted('guest.trap', 'It trapped.'));
    const answer = await bench.execute(bench.envelope({ context: { request_id: 'r-1', install_id: 'i-1' } }));
    expect(answer).toEqual({
      status: 500,
      headers: {},
      body_b64: null,
      error: 'execute_failed: guest.trap: It trapped.',
    });
    expect(bench.events).toEqual([
      {
        ts: expect.stringMatching(/^\d{13}$/) as string,
        iso: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        level: 'error',
        stream: 'log',
        tenant_id: TENANT,
        extension_id: EXTENSION,
        install_id: 'i-1',
        request_id: 'r-1',
        content_hash: bench.contentHash,
        message: 'execute_failed: It trapped. in detail',
        truncated: false,
      },
    ]);
  });

  test('step 6: a debug event tells why, the answer does not', async () => {
    await bench.execute(bench.envelope({ secret_envelope: BAD_SECRET }), { 'x-request-id': 'from header' });
    expect(bench.events).toMatchObject([
      {
        level: 'error',
        request_id: 'from header',
        message: expect.stringMatching(/^secret_decrypt_failed: /) as string,
      },
    ]);
  });
});

test('step 4: a bundle without a component (spec 4.3)', async () => {
  const content_hash = await addBundle(bench.storeDir, { 'manifest.json': '{}' });
  expect(await bench.execute(bench.envelope({ context: { content_hash } }))).toMatchObject({
    status: 502,
    error: 'bundle_fetch_failed: bundle.unreadable: The bundle holds no dist/main.wasm.',
  });
});

describe('rows 2 and 8 of spec 4.3: idempotency', () => {
  test('an answer of the guest is repeated, whatever its status and whoever asks', async () => {
    bench.runner.behave = () =>
      Promise.resolve(answered({ status: 503, headers: [], body: Buffer.from('a') }));
    const key = { 'x-idempotency-key': 'k-1' };
    const first = await bench.execute(bench.envelope(), key);
    bench.runner.behave = () => Promise.resolve(answered({ status: 200, headers: [] }));
    expect(
      await bench.execute(bench.envelope({ context: GONE }), { ...key, 'x-alga-tenant': 'other' }),
    ).toEqual(first);
    expect(bench.runner.runs).toHaveLength(1);
    expect(await bench.execute(bench.envelope(), { 'x-idempotency-key': 'k-2' })).toMatchObject({
      status: 200,
    });
  });

  test('routing headers are looked at before', async () => {
    const key = { 'x-idempotency-key': 'k-3' };
    await bench.execute(bench.envelope(), key);
    expect(await bench.execute(bench.envelope(), { ...key, 'x-alga-tenant': '' })).toMatchObject({
      status: 400,
    });
  });

  test('a failure is not kept, and no key keeps nothing', async () => {
    const key = { 'x-idempotency-key': 'k-4' };
    bench.runner.behave = () => Promise.resolve(faulted('guest.trap', 'It trapped.'));
    expect(await bench.execute(bench.envelope(), key)).toMatchObject({ status: 500 });
    bench.runner.behave = () => Promise.resolve(answered({ status: 200, headers: [] }));
    expect(await bench.execute(bench.envelope(), key)).toMatchObject({ status: 200 });
    await bench.execute(bench.envelope());
    await bench.execute(bench.envelope());
    expect(bench.runner.runs).toHaveLength(4);
  });
});

describe('each row of spec 4.4: what the guest gets', () => {
  test.each([
    ['/api/items', {}, '/api/items'],
    ['/api/items', { a: '1', 'b c': 'ü&=' }, '/api/items?a=1&b+c=%C3%BC%26%3D'],
    ['/api/items?x=1', { a: '1' }, '/api/items?x=1&a=1'],
    ['/api/items?x=1', {}, '/api/items?x=1'],
    ['', {}, ''],
  ])('http.url: %o with %o', async (path, query, url) => {
    await bench.execute(bench.envelope({ http: { path, query } }));
    expect(seen().request.http.url).toBe(url);
  });

  test.each([
    ['absent', undefined, undefined],
    ['null', null, undefined],
    ['empty', '', ''],
    ['bytes', 'AP8=', '\x00\xff'],
  ])('http.body: %s', async (_name, body_b64, body) => {
    await bench.execute(bench.envelope({ http: { body_b64 } }));
    const got = seen().request.http.body;
    expect(got && Buffer.from(got).toString('latin1')).toBe(body);
  });

  test('context.* without config, http.method as it is, http.headers every one', async () => {
    const context = { request_id: 'r', install_id: 'i', version_id: 'v', config: { a: 'b' } };
    const headers = { 'X-Odd': '1', cookie: 'c', Authorization: 'a' };
    await bench.execute(bench.envelope({ context, http: { method: 'purge', headers } }));
    expect(seen().request).toEqual({
      context: { requestId: 'r', tenantId: TENANT, extensionId: EXTENSION, installId: 'i', versionId: 'v' },
      http: {
        method: 'purge',
        url: '/api/items',
        headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      },
    });
  });

  test('context.*: ids of the context, bundle of the headers', async () => {
    await bench.execute(bench.envelope({ context: { tenant_id: 'other', extension_id: 'else' } }));
    expect(seen().request.context).toEqual({ tenantId: 'other', extensionId: 'else' });
    expect(seen()).toHaveProperty(
      'componentPath',
      expect.stringContaining(bench.contentHash.replace('sha256:', '')),
    );
  });

  test.each([
    [{ timeout_ms: 0 }, { timeoutMs: 10, memoryMb: 256 }],
    [{ timeout_ms: 19 }, { timeoutMs: 10, memoryMb: 256 }],
    [
      { timeout_ms: 5000, memory_mb: 64, fuel: 1 },
      { timeoutMs: 5000, memoryMb: 64 },
    ],
    [
      { timeout_ms: 2 ** 60, memory_mb: 2 ** 60 },
      { timeoutMs: 86_400_000, memoryMb: 2 ** 31 - 1 },
    ],
  ])('limits %o (spec 4.7)', async (limits, expected) => {
    await bench.execute(bench.envelope({ limits }));
    expect(seen().limits).toEqual(expected);
  });

  test('providers are normalised and joined with the defaults, secrets and user reach the host', async () => {
    const user = {
      user_id: 'u',
      user_email: 'u@x.example',
      user_name: 'U',
      user_type: 'client',
      company_name: 'Acme',
      client_id: 'c',
      additional_fields: { locale: 'en' },
    };
    const providers = [' CAP:Secrets.Get ', 'cap:log.emit'];
    await bench.execute(
      bench.envelope({ providers, secret_envelope: SECRET, user, context: { install_id: 'i' } }),
    );
    const [context] = bench.capabilities.contexts;
    expect([...(context?.capabilities ?? [])].sort()).toEqual([
      'cap:context.read',
      'cap:log.emit',
      'cap:secrets.get',
      'cap:user.read',
    ]);
    expect(context?.secrets()).toEqual({ api_key: 'hush-hush' });
    expect(context).toMatchObject({
      installId: 'i',
      tenant: { tenantId: TENANT, clientName: 'Acme' },
      user: { userId: 'u', email: 'u@x.example', name: 'U', userType: 'client', clientId: 'c' },
    });
  });
});

describe('each row of spec 4.5: what the caller gets', () => {
  test.each([
    ['no body', undefined, null],
    ['an empty body', Buffer.alloc(0), ''],
    ['bytes', Buffer.from([0, 255]), 'AP8='],
  ])('body_b64: %s', async (_name, body, body_b64) => {
    bench.runner.behave = () =>
      Promise.resolve(answered({ status: 200, headers: [], ...(body && { body }) }));
    expect(await bench.execute(bench.envelope())).toEqual({
      status: 200,
      headers: {},
      body_b64,
      error: null,
    });
  });

  test('status and headers: the last of equal names wins, case is kept, nothing is checked', async () => {
    const headers = [
      { name: 'X-A', value: '1' },
      { name: 'x-a', value: '2' },
      { name: 'X-A', value: '3\nodd' },
      { name: '__proto__', value: '4' },
    ];
    bench.runner.behave = () => Promise.resolve(answered({ status: 65_535, headers }));
    const answer = await bench.execute(bench.envelope());
    expect(JSON.stringify(answer)).toBe(
      '{"status":65535,"headers":{"X-A":"3\\nodd","x-a":"2","__proto__":"4"},"body_b64":null,"error":null}',
    );
  });
});

test('a large body: no cap of the runner’s own (spec 4.5)', async () => {
  const body = Buffer.alloc(8 * 1024 * 1024, 7);
  bench.runner.behave = () => Promise.resolve(answered({ status: 200, headers: [], body }));
  const answer = (await bench.execute(bench.envelope())) as { body_b64: string };
  expect(Buffer.from(answer.body_b64, 'base64').equals(body)).toBe(true);
});

test('lines of the guest are debug events of their call, without its secrets (spec 4.11)', async () => {
  bench.runner.behave = run => {
    for (const level of ['info', 'warn', 'error', 'stdout', 'stderr'] as const) {
      run.onLog?.({ level, message: `${level} hush-hush`, offsetMs: 1 });
    }
    return Promise.resolve(answered({ status: 200, headers: [] }));
  };
  await bench.execute(
    bench.envelope({ secret_envelope: SECRET, context: { request_id: 'r', version_id: 'v' } }),
  );
  expect(bench.events.map(({ level, stream, message }) => [level, stream, message])).toEqual([
    ['info', 'log', 'info •••'],
    ['warn', 'log', 'warn •••'],
    ['error', 'log', 'error •••'],
    ['info', 'stdout', 'stdout •••'],
    ['info', 'stderr', 'stderr •••'],
  ]);
  for (const event of bench.events)
    expect(event).toMatchObject({ request_id: 'r', version_id: 'v', tenant_id: TENANT });
});

test('lines of calls that give no id can be told apart all the same; the guest has none', async () => {
  bench.runner.behave = run => {
    run.onLog?.({ level: 'stdout', message: 'one', offsetMs: 1 });
    run.onLog?.({ level: 'stderr', message: 'two', offsetMs: 1 });
    return Promise.resolve(answered({ status: 200, headers: [] }));
  };
  for (let call = 0; call < 2; call++) {
    await bench.execute(bench.envelope());
    expect(bench.runner.last.request.context).not.toHaveProperty('requestId');
  }
  const [first, second, third, fourth] = bench.events.map(({ request_id }) => request_id);
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
  expect(fourth).toBe(third);
});

test('the debug stream of the port has the events of the call in its polled form (spec 4.11)', async () => {
  bench.runner.behave = run => {
    run.onLog?.({ level: 'info', message: 'a line', offsetMs: 1 });
    return Promise.resolve(answered({ status: 200, headers: [] }));
  };
  await bench.execute(bench.envelope({ context: { request_id: 'polled' } }));
  const path = `/api/ext-debug/stream?tenantId=${TENANT}&extensionId=${EXTENSION}&requestId=polled`;
  const reply = await bench.send('POST', path, { body: '{}' });
  expect(JSON.parse(reply.text)).toMatchObject({
    events: [{ message: 'a line', requestId: 'polled', extensionId: EXTENSION }],
    lastId: expect.stringMatching(/^\d+-\d+$/) as string,
  });
});

test('a long message is cut between characters', async () => {
  await using small = await openBench({ debugMessageBytes: 5 });
  small.runner.behave = run => {
    run.onLog?.({ level: 'info', message: 'aüüü', offsetMs: 0 });
    return Promise.resolve(answered({ status: 200, headers: [] }));
  };
  await small.execute(small.envelope());
  expect(small.events).toMatchObject([{ message: 'aüü', truncated: true }]);
});

test('a caller who goes away ends the run, and so does closing', async () => {
  const own = await openBench();
  const started: (() => void)[] = [];
  const runs = [0, 1].map(() => new Promise<void>(resolve => started.push(resolve)));
  const ended: Promise<void>[] = [];
  own.runner.behave = run => {
    const end = new Promise<void>(resolve => run.signal?.addEventListener('abort', () => resolve()));
    ended.push(end);
    started.shift()?.();
    return end.then(() => faulted('guest.cancelled', 'It was cancelled.'));
  };
  const caller = new AbortController();
  const request = { headers: routing(), body: JSON.stringify(own.envelope()) };
  const left = own.send('POST', '/v1/execute', { ...request, signal: caller.signal });
  await runs[0];
  caller.abort();
  await expect(left).rejects.toThrow();
  await ended[0];
  const cut = own.send('POST', '/v1/execute', request);
  await runs[1];
  await own.close();
  await ended[1];
  // Whether the answer still gets out is the sockets' business; the call ends.
  await Promise.allSettled([cut]);
});

test('another extension finds its own bundle', async () => {
  const place = { tenant: 'second-tenant', extension: 'second' };
  const hash = await addBundle(bench.storeDir, { 'dist/main.wasm': 'another' }, place);
  const headers = { 'x-alga-tenant': place.tenant, 'x-alga-extension': place.extension };
  expect(await bench.execute(bench.envelope({ context: { content_hash: hash } }), headers)).toMatchObject({
    error: null,
  });
});

function rejected(
  code: 'component.unknown_import' | 'request.limits' | 'component.unreadable',
): Promise<never> {
  return Promise.reject(new WorkbenchError(code));
}

function routing(): Record<string, string> {
  return { 'content-type': 'application/json', 'x-alga-tenant': TENANT, 'x-alga-extension': EXTENSION };
}
