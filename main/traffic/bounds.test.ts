import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { body, done, hop, textOf } from './test-kit.ts';
import { createTraffic } from './traffic.ts';
import type { Traffic } from './types.ts';

let traffic: Traffic;
beforeEach(() => {
  traffic = createTraffic();
});
afterEach(() => traffic.close());

describe('bounds', () => {
  test('a body is cut and says so', () => {
    traffic = createTraffic({ maxBodyBytes: 10 });
    const { id } = traffic.begin(hop('t', { request: body('0123456789abc') }));
    expect(traffic.get(id)?.request?.body).toEqual({
      base64: Buffer.from('0123456789').toString('base64'),
      bytes: 13,
      truncated: true,
    });
    const empty = traffic.begin(hop('t', { request: body('') }));
    expect(traffic.get(empty.id)?.request?.body).toEqual({ base64: '', bytes: 0, truncated: false });
  });

  test('a long text is cut', () => {
    const { id } = traffic.begin(hop('t', { detail: 'x'.repeat(1_000_000) }));
    expect(traffic.get(id)?.detail.length).toBeLessThan(20_000);
  });

  test('the oldest traces go whole, whatever order their hops came in', () => {
    traffic = createTraffic({ capacity: 5 });
    for (const trace of ['a', 'b', 'a', 'b', 'c', 'c']) traffic.begin(hop(trace));
    expect(
      traffic
        .list('')
        .entries.map(({ traceId }) => traceId)
        .join(''),
    ).toBe('bbcc');
  });

  test('the trace that grows stays, even when it is the oldest', () => {
    traffic = createTraffic({ capacity: 3 });
    for (const trace of ['a', 'b', 'a', 'a']) traffic.begin(hop(trace));
    expect(
      traffic
        .list('')
        .entries.map(({ traceId }) => traceId)
        .join(''),
    ).toBe('aaa');
  });

  test('a trace that fills everything alone says how much of it is missing', () => {
    traffic = createTraffic({ capacity: 2 });
    const first = traffic.begin(hop('a'));
    traffic.begin(hop('a'));
    expect(traffic.begin(hop('a')).id).toBe(0);
    expect(traffic.begin(hop('a')).id).toBe(0);
    expect(traffic.get(first.id)?.notes).toEqual([{ label: 'Hops not recorded', value: '2' }]);
    expect(traffic.begin(hop('b')).id).not.toBe(0);
    expect(traffic.list('').total).toBe(1);
  });

  test('bodies share a budget; a body that cannot fit keeps its size only', () => {
    traffic = createTraffic({ bodyBudgetBytes: 100 });
    traffic.begin(hop('a', { request: body('x'.repeat(60)) }));
    const second = traffic.begin(hop('b', { request: body('y'.repeat(60)) }));
    expect(traffic.list('').entries.map(({ traceId }) => traceId)).toEqual(['b']);
    second.end({ ...done, response: body('z'.repeat(60)) });
    expect(traffic.get(second.id)?.response?.body).toEqual({ base64: '', bytes: 60, truncated: true });
  });

  test('whatever happens, the bounds hold and traces are whole or gone', () => {
    let seed = 99;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const capacity = 40;
    const bodyBudgetBytes = 2000;
    traffic = createTraffic({ capacity, bodyBudgetBytes, maxBodyBytes: 300 });
    const begun = new Map<string, number>();
    const open: ReturnType<Traffic['begin']>[] = [];
    for (let step = 0; step < 3000; step += 1) {
      const traceId = `t${Math.floor(step / 10) + random(3)}`;
      const recorded = traffic.begin(hop(traceId, { request: body('x'.repeat(random(400))) }));
      if (recorded.id !== 0) open.push(recorded);
      begun.set(traceId, (begun.get(traceId) ?? 0) + 1);
      if (random(2) === 0)
        open.splice(random(open.length), 1)[0]?.end({ ...done, response: body('y'.repeat(random(400))) });
      const { entries, total } = traffic.list('');
      expect(total).toBe(entries.length);
      expect(total).toBeLessThanOrEqual(capacity);
      if (step % 50 !== 0) continue;
      const kept = entries.map(({ id }) => traffic.get(id));
      const bytes = kept.reduce(
        (sum, exchange) =>
          sum +
          textOf(exchange?.request?.body?.base64).length +
          textOf(exchange?.response?.body?.base64).length,
        0,
      );
      expect(bytes).toBeLessThanOrEqual(bodyBudgetBytes);
    }
    for (const { traceId } of traffic.list('').entries) {
      const kept = traffic.list(`trace:${traceId}`).entries.length;
      expect(kept).toBeLessThanOrEqual(begun.get(traceId) ?? 0);
    }
  });
});
