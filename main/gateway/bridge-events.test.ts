import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BridgeBatch, BridgeEvent, Exchange } from '../../contract/index.ts';
import { AGENT, HASH, install, openBench, REGISTRY_ID, type Bench } from './test-kit.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
beforeEach(() => {
  bench.registry.all = [install()];
  bench.registry.user = AGENT;
  bench.traffic.clear();
});
afterAll(() => bench.close());

function message(traceId: string): Exchange {
  const found = bench.hops(traceId).find(each => each.kind === 'message');
  const exchange = found && bench.traffic.get(found.id);
  if (exchange === undefined) throw new Error('No message hop.');
  return exchange;
}
const note = (exchange: Exchange, label: string): string | undefined =>
  exchange.notes.find(each => each.label === label)?.value;
const text = (body: { base64: string } | undefined): string =>
  Buffer.from(body?.base64 ?? '', 'base64').toString();

const EVENT: BridgeEvent = {
  traceId: 'trace-0002',
  direction: 'to-host',
  type: 'apiproxy',
  detail: 'POST /api/items',
  startedAt: 1_700_000_000_000.5,
  durationMs: 2.5,
  status: '200',
  outcome: 'ok',
  origin: 'http://a.localhost',
  envelope: 'valid',
  requestId: 'q1',
  request: { base64: 'aW4=', bytes: 2, truncated: false },
  response: { base64: 'b3V0', bytes: 3, truncated: false, contentType: 'text/plain' },
};
const report = (batch: unknown): ReturnType<Bench['send']> =>
  bench.send('POST', '/_xwb/bridge', {
    body: JSON.stringify(batch),
    headers: { 'content-type': 'text/plain' },
  });
const batch = (...events: unknown[]): Omit<BridgeBatch, 'events'> & { events: unknown[] } => ({
  registryId: REGISTRY_ID,
  contentHash: HASH,
  events,
});

describe('what the host page reports', () => {
  it('becomes message hops of the same trace', async () => {
    expect((await report(batch(EVENT))).status).toBe(204);
    const hop = message('trace-0002');
    expect(hop).toMatchObject({
      from: 'iframe',
      to: 'host',
      what: 'apiproxy',
      detail: 'POST /api/items',
      startedAt: EVENT.startedAt,
      durationMs: 2.5,
      status: '200',
      extension: 'invoice-helper',
    });
    expect([text(hop.request?.body), text(hop.response?.body)]).toEqual(['in', 'out']);
    expect(note(hop, 'request_id')).toBe('q1');
  });

  it('keeps a warning, and makes it the error of what failed', async () => {
    const warning = { code: 'bridge.no-request-id', message: 'No answer.' };
    await report(batch({ ...EVENT, traceId: 'trace-0003', outcome: 'error', status: 'dropped', warning }));
    expect(message('trace-0003')).toMatchObject({ outcome: 'error', error: warning });
    await report(batch({ ...EVENT, traceId: 'trace-0004', direction: 'to-extension', warning }));
    const sent = message('trace-0004');
    expect([sent.from, sent.to, note(sent, 'Warning'), sent.error]).toEqual([
      'host',
      'iframe',
      'No answer.',
      undefined,
    ]);
  });

  it.each([
    'no JSON',
    '{}',
    '[]',
    JSON.stringify(batch({ ...EVENT, traceId: '../..' })),
    JSON.stringify(batch({ ...EVENT, more: 1 })),
    JSON.stringify(batch(...Array.from({ length: 501 }, () => EVENT))),
    JSON.stringify({ ...batch(), registryId: 7 }),
    '',
  ])('refuses %.40s', async body => {
    const reply = await bench.send('POST', '/_xwb/bridge', { body });
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: 'gateway.bad-report' } });
    expect(bench.traffic.list('').total).toBe(0);
  });
});
