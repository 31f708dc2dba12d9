import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../contract/index.ts';
import {
  AGENT,
  bench,
  CLIENT,
  DIRECT,
  faulted,
  install,
  PROXY,
  READER,
  ROUTES,
  useApiBench,
} from './test-kit.ts';

useApiBench();

function withoutComponent(): ReturnType<typeof install> {
  const bare = { ...install() };
  delete bare.componentPath;
  return bare;
}

describe('errors (spec 6.4)', () => {
  const body = (error: string): string => JSON.stringify({ error });
  it.each(ROUTES)('%s: access and tenant', async (_name, base) => {
    const items = `${base}/api/items`;
    const rows: [() => void, string, string, Record<string, string>, number, string][] = [
      [() => (bench.registry.user = undefined), 'GET', items, {}, 401, body('Unauthorized')],
      [
        () => (bench.registry.user = AGENT),
        'GET',
        items,
        { 'x-tenant-id': 'x' },
        403,
        body('tenant_mismatch'),
      ],
      [() => undefined, 'GET', items, { 'x-alga-tenant': 'x' }, 403, body('tenant_mismatch')],
      [() => undefined, 'GET', `${base}x/api/items`, {}, 404, body('extension_not_available')],
      [() => undefined, 'PUT', items, {}, 404, body('endpoint_not_found')],
      [() => undefined, 'GET', base, {}, 404, body('endpoint_not_found')],
      [() => (bench.registry.user = READER), 'POST', items, {}, 403, body('forbidden')],
      [() => (bench.registry.user = CLIENT), 'GET', items, {}, 403, body('forbidden')],
    ];
    for (const [prepare, method, path, headers, status, text] of rows) {
      prepare();
      const reply = await bench.send(method, path, { headers });
      expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([
        status,
        text,
        'application/json',
      ]);
    }
    expect(bench.runner.runs).toHaveLength(0);
  });

  it.each([
    ['guest.trap', 500, ''],
    ['guest.memory', 500, ''],
    ['guest.timeout', 502, '{"error":"bad_gateway","requestId":"r1"}'],
  ])('%s is %s %j', async (code, status, text) => {
    bench.runner.behave = () => Promise.resolve(faulted(code));
    for (const [, base] of ROUTES) {
      const reply = await bench.send('GET', `${base}/api/items`, { headers: { 'x-request-id': 'r1' } });
      expect([reply.status, reply.text]).toEqual([status, text]);
    }
  });

  it.each<[string, Error, number, number, string]>([
    ['a broken runner', new Error('gone'), 502, 502, '{"error":"bad_gateway","requestId":"r1"}'],
    [
      'no runner',
      new WorkbenchError('runner.addon-missing'),
      500,
      502,
      '{"error":"bad_gateway","requestId":"r1"}',
    ],
  ])('%s', async (_name, error, proxy, direct, text) => {
    bench.runner.behave = () => Promise.reject(error);
    const headers = { 'x-request-id': 'r1' };
    const replies = [
      await bench.send('GET', `${PROXY}/api/items`, { headers }),
      await bench.send('GET', `${DIRECT}/api/items`, { headers }),
    ];
    expect(replies.map(reply => [reply.status, reply.text])).toEqual([
      [proxy, text],
      [direct, text],
    ]);
  });

  it.each([
    ['component.invalid', 500],
    ['component.unreadable', 502],
  ] as const)('%s is %s with nothing', async (code, status) => {
    bench.runner.behave = () => Promise.reject(new WorkbenchError(code));
    for (const [, base] of ROUTES) {
      const reply = await bench.send('GET', `${base}/api/items`);
      expect([reply.status, reply.text]).toEqual([status, '']);
    }
  });

  it('a bundle without a component is 502 with nothing', async () => {
    bench.registry.all = [withoutComponent()];
    const reply = await bench.send('GET', `${PROXY}/api/items`);
    expect([reply.status, reply.text]).toEqual([502, '']);
  });

  it('a registry that fails is 503', async () => {
    const working = bench.registry.tenant.bind(bench.registry);
    bench.registry.tenant = () => {
      throw new Error('database is locked');
    };
    try {
      const reply = await bench.send('GET', `${PROXY}/api/items`);
      expect([reply.status, reply.text]).toEqual([503, '{"error":"access_policy_unavailable"}']);
    } finally {
      bench.registry.tenant = working;
    }
  });

  it('refuses more than 10 MiB before it is read whole', async () => {
    const large = new Uint8Array(10 * 1024 * 1024 + 1);
    const direct = await bench.send('POST', `${DIRECT}/api/items`, { body: large });
    expect([direct.status, direct.text]).toEqual([413, '{"error":"payload_too_large"}']);
    const proxy = await bench.send('POST', `${PROXY}/api/items`, {
      body: large,
      headers: { 'x-request-id': 'r' },
    });
    expect([proxy.status, proxy.text]).toEqual([413, '{"error":"bad_gateway","requestId":"r"}']);
  });

  it('refuses what the runner’s 2 MiB document cannot hold', async () => {
    const fits = new Uint8Array(1_560_000);
    const over = new Uint8Array(1_572_864);
    for (const [name, base] of ROUTES) {
      expect((await bench.send('POST', `${base}/api/items`, { body: fits })).status).toBe(200);
      const reply = await bench.send('POST', `${base}/api/items`, { body: over });
      expect(reply.status).toBe(name === 'direct' ? 502 : 413);
      expect(JSON.parse(reply.text)).toMatchObject({ error: 'bad_gateway' });
    }
  });

  it('knows no content type that is none', async () => {
    const reply = await bench.send('POST', `${PROXY}/api/items`, {
      headers: { 'content-type': 'x' },
      body: 'x',
    });
    expect([reply.status, (JSON.parse(reply.text) as { error: { code: string } }).error.code]).toEqual([
      415,
      'gateway.bad-content-type',
    ]);
  });
});
