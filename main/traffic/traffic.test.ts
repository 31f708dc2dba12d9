import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Exchange, ExchangeSummary, type HopKind } from '../../contract/index.ts';
import { body, done, hop, textOf } from './test-kit.ts';
import { createTraffic } from './traffic.ts';
import type { Traffic } from './types.ts';

let traffic: Traffic;
beforeEach(() => {
  traffic = createTraffic();
});
afterEach(() => traffic.close());

describe('recording', () => {
  test('a hop is pending, then over, with everything that was said about it', () => {
    const parent = traffic.begin(hop('t', { kind: 'message', what: 'apiproxy' }));
    const recorded = traffic.begin(
      hop('t', {
        parentId: parent.id,
        extension: 'acme.helper',
        contentHash: 'sha256:00',
        request: { headers: [{ name: 'content-type', value: 'text/plain' }], body: Buffer.from('ask') },
      }),
    );
    expect(traffic.list('').entries[1]).toMatchObject({
      id: 2,
      parentId: 1,
      status: '',
      outcome: 'pending',
      depth: 1,
    });
    recorded.note('Endpoint', 'declared');
    recorded.end({
      status: '500',
      outcome: 'error',
      durationMs: 1.5,
      response: { ...body('answer'), contentType: 'text/html' },
      error: { code: 'guest.trap', message: 'trapped', detail: 'chain' },
    });
    const exchange = traffic.get(recorded.id);
    expect(Exchange.parse(exchange)).toEqual(exchange);
    expect(exchange).toMatchObject({
      status: '500',
      outcome: 'error',
      durationMs: 1.5,
      request: { body: { base64: 'YXNr', bytes: 3, truncated: false, contentType: 'text/plain' } },
      response: { body: { contentType: 'text/html' } },
      error: { code: 'guest.trap', message: 'trapped', detail: 'chain' },
      notes: [{ label: 'Endpoint', value: 'declared' }],
    });
  });

  test('only the first end counts; the time is measured when it is not given', () => {
    const recorded = traffic.begin(hop('t'));
    recorded.end(done);
    recorded.end({ status: '500', outcome: 'error' });
    const summary = traffic.get(recorded.id);
    expect(summary).toMatchObject({ status: '200', outcome: 'ok' });
    expect(summary?.durationMs).toBeGreaterThanOrEqual(0);
    expect(Math.abs((summary?.startedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('depth is by kind', () => {
    const kinds: HopKind[] = ['message', 'gateway', 'handler', 'host-call', 'log'];
    for (const kind of kinds) traffic.begin(hop('t', { kind }));
    expect(traffic.list('').entries.map(({ depth }) => depth)).toEqual([0, 1, 2, 3, 3]);
  });

  test('hops of one call are found by its id, of whatever kind', () => {
    traffic.begin(hop('t', { kind: 'message' }));
    for (const kind of ['gateway', 'handler', 'host-call', 'log'] as const)
      traffic.begin(hop('t', { kind, requestId: 'call-1' }));
    traffic.begin(hop('t', { kind: 'log', requestId: 'call-2' }));
    const { entries } = traffic.list('request:call-1');
    expect(entries.map(({ kind }) => kind)).toEqual(['gateway', 'handler', 'host-call', 'log']);
    expect(traffic.list('kind:log').entries.map(({ requestId }) => requestId)).toEqual(['call-1', 'call-2']);
  });

  test('the list is sorted by start, then by id, and filtered', () => {
    traffic.begin(hop('t', { startedAt: 30, detail: 'c' }));
    traffic.begin(hop('t', { startedAt: 10, detail: 'a' }));
    traffic.begin(hop('t', { startedAt: 30, detail: 'd' }));
    traffic.begin(hop('t', { startedAt: 20, detail: 'b' }));
    const { entries, total } = traffic.list('');
    expect(entries.map(({ detail }) => detail).join('')).toBe('abcd');
    expect(total).toBe(4);
    expect(ExchangeSummary.array().parse(entries)).toEqual(entries);
    expect(traffic.list('-a').entries).toHaveLength(0);
    expect(traffic.list('gateway').total).toBe(4);
  });

  test('what was handed out does not change afterwards', () => {
    const recorded = traffic.begin(hop('t'));
    const before = traffic.list('').entries[0];
    recorded.end(done);
    expect(before).toMatchObject({ outcome: 'pending' });
  });

  test('an unknown id is undefined', () => {
    expect(traffic.get(99)).toBeUndefined();
  });

  test('a paused recorder records nothing new, but lets hops end', () => {
    const before = traffic.begin(hop('t'));
    traffic.setPaused(true);
    const during = traffic.begin(hop('t', { parentId: before.id }));
    during.note('a', 'b');
    during.end(done);
    before.end(done);
    expect(during.id).toBe(0);
    expect(traffic.list('')).toMatchObject({
      entries: [{ id: before.id, outcome: 'ok' }],
      total: 1,
      paused: true,
    });
    traffic.setPaused(false);
    const after = traffic.begin(hop('t', { parentId: during.id }));
    expect(traffic.get(after.id)).not.toHaveProperty('parentId');
  });

  test('clear forgets all; hops that end later are not kept', () => {
    const recorded = traffic.begin(hop('t'));
    traffic.clear();
    recorded.note('a', 'b');
    recorded.end(done);
    expect(traffic.list('')).toMatchObject({ entries: [], total: 0 });
    expect(traffic.begin(hop('t')).id).toBe(2);
  });

  test('nothing is recorded after close', () => {
    traffic.close();
    expect(traffic.begin(hop('t')).id).toBe(0);
  });
});

describe('masking', () => {
  test('secrets are masked in every part of a hop', () => {
    const secret = 's3cr3t-value';
    let values: string[] = [];
    traffic.maskSecrets(() => values);
    values = [secret];
    const message = {
      headers: [
        { name: 'Authorization', value: 'Bearer other' },
        { name: 'x-a', value: secret },
      ],
      body: Buffer.from(
        JSON.stringify({
          a: secret,
          authorization: 'Bearer other',
          b: Buffer.from(secret).toString('base64'),
        }),
      ),
    };
    const recorded = traffic.begin(hop('t', { kind: 'log', detail: `log ${secret}`, request: message }));
    recorded.note('note', secret);
    recorded.end({
      status: secret,
      outcome: 'error',
      response: message,
      error: { code: 'c', message: secret, detail: `cookie: other ${secret}` },
    });
    const exchange = traffic.get(recorded.id);
    const everything = `${JSON.stringify(exchange)}${textOf(exchange?.request?.body?.base64)}${textOf(exchange?.response?.body?.base64)}`;
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain('other');
    expect(everything).not.toContain(Buffer.from(secret).toString('base64'));
    expect(textOf(exchange?.request?.body?.base64)).toBe('{"a":"•••","authorization":"•••","b":"•••"}');
    expect(traffic.list(secret).entries).toHaveLength(0);
  });
});
