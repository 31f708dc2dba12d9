import { describe, expect, it } from 'vitest';
import type { ExchangeSummary } from '../../../contract/index.ts';
import { TrafficLog } from './traffic-log.ts';

function hop(
  id: number,
  traceId: string,
  startedAt: number,
  part: Partial<ExchangeSummary> = {},
): ExchangeSummary {
  return {
    id,
    traceId,
    depth: 0,
    kind: 'gateway',
    from: 'host',
    to: 'gateway',
    what: 'ext-proxy',
    detail: 'GET /api/items',
    status: '200',
    outcome: 'ok',
    startedAt,
    ...part,
  };
}

const ids = (log: TrafficLog): number[] => log.rows().map(row => row.hop.id);

describe('TrafficLog', () => {
  it('keeps the hops of a click together, clicks in the order they began', () => {
    const log = new TrafficLog(100);
    log.apply([hop(1, 'a', 10), hop(2, 'b', 11), hop(3, 'a', 12), hop(4, 'b', 13)]);
    expect(ids(log)).toEqual([1, 3, 2, 4]);
    expect(log.rows().map(row => row.first)).toEqual([true, false, true, false]);
  });

  it('puts a hop that is reported late where it happened', () => {
    const log = new TrafficLog(100);
    log.apply([hop(1, 'b', 20), hop(2, 'a', 22, { depth: 1 })]);
    log.apply([hop(3, 'a', 10)]);
    expect(ids(log)).toEqual([3, 2, 1]);
    expect(log.trace('a')[0]).toMatchObject({ first: true, traceStart: 10 });
  });

  it('orders hops of one moment by depth', () => {
    const log = new TrafficLog(100);
    log.apply([hop(1, 'a', 10, { depth: 2 }), hop(2, 'a', 10, { depth: 0 }), hop(3, 'a', 10, { depth: 1 })]);
    expect(ids(log)).toEqual([2, 3, 1]);
  });

  it('replaces a hop and stretches its trace, and leaves other rows the same objects', () => {
    const log = new TrafficLog(100);
    log.apply([hop(1, 'a', 10, { outcome: 'pending' }), hop(2, 'b', 11)]);
    const before = log.rows();
    log.apply([hop(1, 'a', 10, { durationMs: 7 })]);
    const after = log.rows();
    expect(after[0]).toMatchObject({ traceEnd: 17, hop: { outcome: 'ok' } });
    expect(after[1]).toBe(before[1]);
    expect(log.size).toBe(2);
  });

  it('lets the oldest traces go whole when it is full, never the newest', () => {
    const log = new TrafficLog(4);
    log.apply([hop(1, 'a', 1), hop(2, 'a', 2), hop(3, 'b', 3), hop(4, 'b', 4), hop(5, 'c', 5)]);
    expect(ids(log)).toEqual([3, 4, 5]);
    expect(log.get(1)).toBeUndefined();
    expect(log.trace('a')).toEqual([]);
    log.apply(Array.from({ length: 6 }, (_, index) => hop(10 + index, 'd', 10 + index)));
    expect(ids(log)).toEqual([10, 11, 12, 13, 14, 15]);
  });

  it('begins afresh when cleared', () => {
    const log = new TrafficLog(10);
    log.apply([hop(1, 'a', 1)]);
    log.clear();
    expect([ids(log), log.size]).toEqual([[], 0]);
    log.apply([hop(2, 'b', 1)]);
    expect(ids(log)).toEqual([2]);
  });
});
