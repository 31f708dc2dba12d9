import { beforeEach, describe, expect, it } from 'vitest';
import type { BridgeEvent } from '../../contract/index.ts';
import { Reporter, type ReportLine } from './reporter.ts';

const ABOUT = { registryId: 'id-1', contentHash: 'sha256:ab' };
const event = (detail: string, bytes = 0): BridgeEvent => ({
  traceId: 'trace-0001',
  direction: 'to-host',
  type: 'apiproxy',
  detail,
  startedAt: 0,
  durationMs: 0,
  status: 'ok',
  outcome: 'ok',
  origin: '',
  envelope: 'valid',
  ...(bytes > 0 && { request: { base64: 'A'.repeat(bytes), bytes, truncated: false } }),
});

let flushes: (() => void)[];
let posts: string[];
let beacons: string[];
let lost: number;
let reporter: Reporter;
let line: ReportLine;
beforeEach(() => {
  [flushes, posts, beacons, lost] = [[], [], [], 0];
  line = {
    post: json => Promise.resolve(void posts.push(json)),
    beacon: json => beacons.push(json) > 0,
    soon: flush => void flushes.push(flush),
    lost: count => (lost += count),
  };
  reporter = new Reporter(
    { ...line, post: json => line.post(json), beacon: json => line.beacon(json) },
    ABOUT,
  );
});
const details = (json: string | undefined): string[] =>
  (JSON.parse(json ?? '{}') as { events: BridgeEvent[] }).events.map(each => each.detail);

describe('Reporter', () => {
  it('gathers until it is called back, then starts anew', () => {
    reporter.add(event('a'));
    reporter.add(event('b'));
    expect([flushes.length, posts.length]).toEqual([1, 0]);
    flushes[0]?.();
    expect(posts).toHaveLength(1);
    expect(JSON.parse(posts[0] ?? '')).toMatchObject(ABOUT);
    expect(details(posts[0])).toEqual(['a', 'b']);
    reporter.add(event('c'));
    flushes[1]?.();
    expect(details(posts[1])).toEqual(['c']);
  });

  it('splits what is too many or too long', () => {
    for (let index = 0; index < 501; index += 1) reporter.add(event(String(index)));
    flushes[0]?.();
    expect(posts.map(post => details(post).length)).toEqual([500, 1]);
    posts = [];
    for (const name of ['a', 'b', 'c']) reporter.add(event(name, 4 * 1024 * 1024));
    flushes[1]?.();
    expect(posts.map(details)).toEqual([['a', 'b'], ['c']]);
  });

  it('tells what was lost', async () => {
    line.post = () => Promise.reject(new Error('offline'));
    reporter.add(event('a'));
    reporter.add(event('b'));
    flushes[0]?.();
    await new Promise(resolve => setImmediate(resolve));
    expect(lost).toBe(2);
  });

  it('leaves with a beacon, without bodies where they do not fit', () => {
    reporter.add(event('a', 10));
    reporter.leave();
    expect(beacons[0]).toContain('AAAAAAAAAA');
    reporter.add(event('b', 70_000));
    reporter.leave();
    expect([details(beacons[1]), (beacons[1] ?? '').length < 1000]).toEqual([['b'], true]);
    reporter.leave();
    expect(beacons).toHaveLength(2);
    line.beacon = () => false;
    reporter.add(event('c'));
    reporter.leave();
    expect(lost).toBe(1);
  });
});
