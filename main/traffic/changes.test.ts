import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IPC_EVENTS } from '../../contract/index.ts';
import { done, hop } from './test-kit.ts';
import { createTraffic } from './traffic.ts';
import type { Traffic, TrafficChange } from './types.ts';

let traffic: Traffic;
beforeEach(() => {
  traffic = createTraffic();
});
afterEach(() => traffic.close());

describe('changes', () => {
  let heard: TrafficChange[];
  beforeEach(() => {
    vi.useFakeTimers();
    heard = [];
    traffic.onChange(change => heard.push(change));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('are gathered into one event with the latest of each hop', () => {
    for (let n = 0; n < 50; n += 1) traffic.begin(hop('t')).end(done);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(16);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ cleared: false, total: 50, paused: false });
    expect(heard[0]?.upserts.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(
      Array.from({ length: 50 }, (_, n) => `${n + 1} ok`),
    );
    expect(heard[0]).not.toHaveProperty('removed');
    expect(IPC_EVENTS.traffic.parse(heard[0])).toEqual(heard[0]);
    vi.advanceTimersByTime(1000);
    expect(heard).toHaveLength(1);
  });

  test('say what was let go, what was cleared and whether it is paused', () => {
    traffic.close();
    traffic = createTraffic({ capacity: 1 });
    traffic.onChange(change => heard.push(change));
    traffic.begin(hop('a'));
    vi.advanceTimersByTime(16);
    traffic.begin(hop('b'));
    vi.advanceTimersByTime(16);
    expect(heard[1]).toMatchObject({ upserts: [{ id: 2 }], removed: [1], total: 1 });
    expect(IPC_EVENTS.traffic.parse(heard[1])).toEqual(heard[1]);
    traffic.clear();
    traffic.begin(hop('c'));
    traffic.setPaused(true);
    vi.advanceTimersByTime(16);
    expect(heard[2]).toEqual({
      upserts: [expect.objectContaining({ id: 3 })],
      cleared: true,
      total: 1,
      paused: true,
    });
  });

  test('close tells what is pending, then nothing more; a listener can leave', () => {
    const other: TrafficChange[] = [];
    const stop = traffic.onChange(change => other.push(change));
    traffic.begin(hop('t'));
    stop();
    traffic.close();
    expect(heard).toHaveLength(1);
    expect(other).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(heard).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
