import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Exchange } from '../../contract/index.ts';
import { AGENT, answered, faulted, HASH, install, openBench, REGISTRY_ID, type Bench } from './test-kit.ts';

const ITEMS = `/api/ext-proxy/${REGISTRY_ID}/api/items`;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ timeoutMs: 50 });
});
beforeEach(() => {
  bench.registry.all = [install()];
  bench.registry.user = AGENT;
  bench.traffic.clear();
});
afterAll(() => bench.close());

function hop(traceId: string, kind: string, what?: string): Exchange {
  const found = bench
    .hops(traceId)
    .find(each => each.kind === kind && (what === undefined || each.what === what));
  const exchange = found && bench.traffic.get(found.id);
  if (exchange === undefined) throw new Error(`No ${kind} hop.`);
  return exchange;
}
const note = (exchange: Exchange, label: string): string | undefined =>
  exchange.notes.find(each => each.label === label)?.value;
const text = (body: { base64: string } | undefined): string =>
  Buffer.from(body?.base64 ?? '', 'base64').toString();

describe('one trace', () => {
  const traceId = 'trace-0001';
  beforeEach(async () => {
    bench.runner.behave = async run => {
      run.onLog?.({ level: 'info', message: 'hello\nworld', offsetMs: 0.1 });
      await run.host({
        interface: 'storage',
        function: 'put',
        args: { entry: { namespace: 'n', key: 'k' } },
        bytes: Buffer.from('value'),
      });
      await run.host({ interface: 'secrets', function: 'get', args: { key: 'api_key' } });
      return answered(
        { status: 200, headers: [], body: Buffer.from('{"a":1}') },
        {
          peakMemoryBytes: 9_543_680,
          logs: [
            { level: 'info', message: 'hello\nworld', offsetMs: 0.1 },
            { level: 'stderr', message: 'late', offsetMs: 0.9 },
          ],
          hostCalls: [
            { interface: 'context', function: 'get-context', offsetMs: 0.2, durationMs: 0.01, outcome: 'ok' },
            { interface: 'logging', function: 'log-info', offsetMs: 0.1, durationMs: 0.01, outcome: 'ok' },
            { interface: 'storage', function: 'put', offsetMs: 0.3, durationMs: 0.2, outcome: 'ok' },
            { interface: 'secrets', function: 'get', offsetMs: 0.4, durationMs: 0.2, outcome: 'ok' },
          ],
        },
      );
    };
    await bench.send('POST', `${ITEMS}?a=1`, {
      headers: {
        'x-xwb-trace': traceId,
        'x-request-id': 'call-1',
        'sec-fetch-site': 'same-origin',
        cookie: 'c',
        'content-type': 'text/x',
      },
      body: 'in',
    });
  });

  it('holds gateway, handler, host calls and log lines, each once', () => {
    const kinds = bench.hops(traceId).map(each => `${each.kind} ${each.what} ${each.outcome}`);
    expect(kinds.sort()).toEqual([
      'gateway ext-proxy ok',
      'handler handler ok',
      'host-call context.get-context ok',
      'host-call secrets.get ok',
      'host-call storage.put ok',
      'log log ok',
      'log log ok',
    ]);
    expect(bench.hops(traceId).every(each => each.requestId === 'call-1')).toBe(true);
    expect(bench.hops(traceId).every(each => each.contentHash === HASH)).toBe(true);
    expect(bench.hops(traceId).every(each => each.extension === 'invoice-helper')).toBe(true);
  });

  it('says what the gateway did', () => {
    const gateway = hop(traceId, 'gateway');
    expect(gateway).toMatchObject({
      from: 'host',
      to: 'gateway',
      detail: 'POST /api/items?a=1',
      status: '200',
    });
    expect(text(gateway.request?.body)).toBe('in');
    expect(text(gateway.response?.body)).toBe('{"a":1}');
    expect(note(gateway, 'Endpoint')).toBe('POST /api/items → handler');
    expect(note(gateway, 'As')).toBe('Demo Agent, internal');
    expect(note(gateway, 'Headers dropped')).toContain('cookie');
    expect(note(gateway, 'Headers dropped')).not.toContain('content-type');
  });

  it('says what the handler did, below the gateway', () => {
    const handler = hop(traceId, 'handler');
    expect(handler).toMatchObject({ detail: 'invoice-helper 0.3.1', status: '200', durationMs: 1 });
    expect(handler.parentId).toBe(hop(traceId, 'gateway').id);
    expect(note(handler, 'Time limit')).toBe('50 ms');
    expect(note(handler, 'Peak memory')).toBe('9.1 MiB');
    expect(handler.request?.headers.map(header => header.name)).toContain('x-alga-tenant');
  });

  it('shows host calls with arguments, bytes and answers, and no secret', () => {
    const put = hop(traceId, 'host-call', 'storage.put');
    expect(JSON.parse(text(put.request?.body))).toEqual({
      value: { entry: { namespace: 'n', key: 'k' } },
      bytes: 'value',
    });
    expect(put.parentId).toBe(hop(traceId, 'handler').id);
    const secret = hop(traceId, 'host-call', 'secrets.get');
    expect(JSON.parse(text(secret.response?.body))).toEqual({ ok: '•••' });
  });

  it('shows log lines by their first line, whole in the body', () => {
    const log = hop(traceId, 'log');
    expect(log).toMatchObject({ detail: 'hello', level: 'info' });
    expect(text(log.request?.body)).toBe('hello\nworld');
  });
});

describe('trace ids', () => {
  it.each(['short', 'x'.repeat(65), 'with space', 'a/b/c/d/e/f'])(
    'makes its own instead of %j',
    async sent => {
      const reply = await bench.send('GET', ITEMS, { headers: { 'x-xwb-trace': sent } });
      expect(reply.headers['x-xwb-trace']).toMatch(/^[0-9a-f-]{36}$/);
      expect(bench.hops(String(reply.headers['x-xwb-trace']))[0]).toMatchObject({ from: 'client' });
    },
  );
});

describe('failures in traffic', () => {
  it.each([
    [200, 'ok'],
    [302, 'ok'],
    [404, 'error'],
    [500, 'error'],
  ])('a handler that answers %i is %s at every hop', async (status, outcome) => {
    bench.runner.behave = () => Promise.resolve(answered({ status, headers: [] }));
    const traceId = String((await bench.send('GET', ITEMS)).headers['x-xwb-trace']);
    expect(hop(traceId, 'handler')).toMatchObject({ status: String(status), outcome });
    expect(hop(traceId, 'gateway')).toMatchObject({ status: String(status), outcome });
  });

  it('says the time limit in seconds where it has some', async () => {
    const other = await openBench({ timeoutMs: 30_000 });
    const traceId = String((await other.send('GET', ITEMS)).headers['x-xwb-trace']);
    const handler = other.hops(traceId).find(each => each.kind === 'handler');
    const notes = other.traffic.get(handler?.id ?? 0)?.notes;
    expect(notes).toContainEqual({ label: 'Time limit', value: '30 s' });
    expect(notes?.filter(({ label }) => label === 'Note')).toEqual([]);
    await other.close();
  });

  it('notes at the handler what becomes of its answer', async () => {
    const headers = ['1', '2'].map(value => ({ name: 'X-A', value }));
    bench.runner.behave = () => Promise.resolve(answered({ status: 200, headers }));
    const traceId = String((await bench.send('GET', ITEMS)).headers['x-xwb-trace']);
    const handler = bench.hops(traceId).find(each => each.kind === 'handler');
    expect(bench.traffic.get(handler?.id ?? 0)?.notes).toContainEqual({
      label: 'Note',
      value: expect.stringContaining('x-a more than once') as string,
    });
  });

  it('a fault, whole, although the caller gets nothing', async () => {
    bench.runner.behave = () => Promise.resolve(faulted('guest.trap', 'It trapped.'));
    const reply = await bench.send('GET', ITEMS);
    const traceId = String(reply.headers['x-xwb-trace']);
    expect([reply.status, reply.text]).toEqual([500, '']);
    expect(hop(traceId, 'handler')).toMatchObject({
      status: 'guest.trap',
      outcome: 'error',
      error: { code: 'guest.trap', message: 'It trapped.', detail: 'It trapped. in detail' },
    });
    expect(note(hop(traceId, 'handler'), 'Standard error')).toBe('from stderr');
    expect(hop(traceId, 'gateway')).toMatchObject({
      status: '500',
      outcome: 'error',
      error: { code: 'guest.trap' },
    });
  });

  it('a refusal with its reason and what to do', async () => {
    const reply = await bench.send('PUT', ITEMS);
    const gateway = hop(String(reply.headers['x-xwb-trace']), 'gateway');
    expect(gateway).toMatchObject({ status: '404', error: { code: 'gateway.endpoint-not-declared' } });
    expect(gateway.error?.detail).toContain('PUT /api/items is not among');
    expect(note(gateway, 'What to do')).toContain('api.endpoints');
  });

  it('a body that is too large', async () => {
    const reply = await bench.send('POST', ITEMS, { body: new Uint8Array(11 * 1024 * 1024) });
    const gateway = hop(String(reply.headers['x-xwb-trace']), 'gateway');
    expect(gateway).toMatchObject({ status: '413', error: { code: 'gateway.envelope-too-large' } });
  });

  it('a runner that does not keep its limit: the gateway gives up and aborts it', async () => {
    let aborted = false;
    bench.runner.behave = run =>
      new Promise((_resolve, reject) => {
        run.signal?.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('aborted'));
        });
      });
    const reply = await bench.send('GET', ITEMS, { headers: { 'x-request-id': 'r1' } });
    expect([reply.status, reply.text]).toEqual([502, '{"error":"bad_gateway","requestId":"r1"}']);
    expect(aborted).toBe(true);
    const traceId = String(reply.headers['x-xwb-trace']);
    expect(hop(traceId, 'gateway').error?.code).toBe('gateway.timeout');
    expect(hop(traceId, 'handler')).toMatchObject({ status: 'aborted', outcome: 'error' });
  });

  it('a caller that goes away aborts its run', async () => {
    const caller = new AbortController();
    const aborted = new Promise<void>(resolve => {
      bench.runner.behave = run =>
        new Promise((_resolve, reject) => {
          run.signal?.addEventListener('abort', () => {
            resolve();
            reject(new Error('aborted'));
          });
          caller.abort();
        });
    });
    await expect(bench.send('GET', ITEMS, { signal: caller.signal })).rejects.toThrow();
    await aborted;
  });
});

describe('closing', () => {
  it('aborts what runs and waits for it', async () => {
    const other = await openBench();
    let state = 'idle';
    const started = new Promise<void>(resolve => {
      other.runner.behave = run =>
        new Promise((_resolve, reject) => {
          state = 'running';
          run.signal?.addEventListener('abort', () => {
            state = 'aborted';
            reject(new Error('aborted'));
          });
          resolve();
        });
    });
    const call = other.send('GET', ITEMS).catch((error: unknown) => error);
    await started;
    await other.close();
    expect(state).toBe('aborted');
    expect(await call).toBeInstanceOf(Error);
  });
});
