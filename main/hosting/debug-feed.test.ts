import { describe, expect, test } from 'vitest';
import { DebugFeed } from './debug-feed.ts';
import { DebugLog, type DebugEvent } from './debug-log.ts';

const SCOPE = { tenantId: 'T', extensionId: 'E' };

function event(message: string, changes: Partial<DebugEvent> = {}): DebugEvent {
  return {
    ts: '1',
    iso: '1970-01-01T00:00:00.001Z',
    level: 'info',
    stream: 'log',
    tenant_id: 'T',
    extension_id: 'E',
    message,
    truncated: false,
    ...changes,
  };
}
const messages = (entries: readonly { event: DebugEvent }[]): string[] =>
  entries.map(entry => entry.event.message);

describe('the feed', () => {
  test('gives the events of one tenant and extension in their order, whatever the case of the ids', () => {
    const feed = new DebugFeed();
    feed.publish(event('a'));
    feed.publish(event('elsewhere', { extension_id: 'other' }));
    feed.publish(event('elsewhere', { tenant_id: 'other' }));
    feed.publish(event('b', { tenant_id: 't', extension_id: 'e' }));
    expect(messages(feed.after(SCOPE, undefined, 10))).toEqual(['a', 'b']);
    expect(messages(feed.tail(SCOPE, 1))).toEqual(['b']);
    expect(feed.tail(SCOPE, 0)).toEqual([]);
  });

  test('goes on behind an id, also one of an earlier process, and knows its end', () => {
    const feed = new DebugFeed();
    for (const message of ['a', 'b', 'c']) feed.publish(event(message));
    const [first, , last] = feed.after(SCOPE, undefined, 10);
    expect(messages(feed.after(SCOPE, first?.id, 1))).toEqual(['b']);
    expect(feed.after(SCOPE, last?.id, 10)).toEqual([]);
    expect(messages(feed.after(SCOPE, '1-999', 10))).toEqual(['a', 'b', 'c']);
  });

  test('keeps the newest 2000 of an extension', () => {
    const feed = new DebugFeed();
    for (let n = 0; n < 2010; n += 1) feed.publish(event(String(n)));
    const kept = feed.after(SCOPE, undefined, 5000);
    expect([kept.length, kept[0]?.event.message]).toEqual([2000, '10']);
  });

  test('keeps 200 extensions, and those with a listener', () => {
    const feed = new DebugFeed();
    const heard: string[] = [];
    const stop = feed.listen(SCOPE, entry => heard.push(entry.event.message));
    for (let n = 0; n < 300; n += 1) feed.publish(event('x', { extension_id: `e${n}` }));
    expect(feed.after({ tenantId: 'T', extensionId: 'e0' }, undefined, 10)).toEqual([]);
    feed.publish(event('heard'));
    stop();
    feed.publish(event('not heard'));
    expect(heard).toEqual(['heard']);
  });

  test('tells every event to its tap', () => {
    const heard: string[] = [];
    const feed = new DebugFeed(({ message }) => heard.push(message));
    feed.publish(event('a'));
    feed.publish(event('b', { extension_id: 'other' }));
    expect(heard).toEqual(['a', 'b']);
  });
});

describe('the log of a call', () => {
  function written(maxBytes: number, secrets: string[], message: string): DebugEvent | undefined {
    const events: DebugEvent[] = [];
    const log = new DebugLog(
      { tenant_id: 'T', extension_id: 'E', request_id: 'r' },
      { emit: each => events.push(each), secrets: () => secrets, maxBytes },
    );
    log.write('stderr', message, 1234.6);
    return events[0];
  }

  test('has the platform’s shape, and the time in ISO 8601', () => {
    expect(written(100, [], 'hello')).toEqual({
      ts: '1235',
      iso: '1970-01-01T00:00:01.235Z',
      level: 'info',
      stream: 'stderr',
      tenant_id: 'T',
      extension_id: 'E',
      request_id: 'r',
      message: 'hello',
      truncated: false,
    });
  });

  test.each([
    ['aüüü', 5, 'aüü', true],
    ['aüü', 5, 'aüü', false],
    ['😀😀', 7, '😀', true],
    ['', 5, '', false],
  ])('%s in %i bytes is %s', (message, bytes, kept, truncated) => {
    expect(written(bytes, [], message)).toMatchObject({ message: kept, truncated });
  });

  test('shows no secret, not even a part of a longer one', () => {
    expect(written(100, ['hush', 'hush-hush', 'abc'], 'hush-hush hush abc')?.message).toBe('••• ••• abc');
  });
});
