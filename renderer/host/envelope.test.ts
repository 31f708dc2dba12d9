import { describe, expect, it } from 'vitest';
import { envelope, readMessage } from './envelope.ts';
import { judge, type Sender } from './verdict.ts';

const ORIGIN = 'http://a-b.localhost:4310';
const FRAME: Sender = { origin: ORIGIN, isFrame: true };
const full = (type: string, payload: unknown = {}): unknown => ({ alga: true, version: '1', type, payload });

describe('readMessage', () => {
  it.each<[unknown, string]>([
    [full('ready'), 'valid'],
    [{ alga: true, version: '1', type: 'ready' }, 'valid'],
    [{ type: 'apiproxy', payload: {}, request_id: 'x' }, 'bare'],
    [{ alga: true, version: '2', type: 'ready' }, 'bare'],
    [{ alga: true, version: 1, type: 'ready' }, 'bare'],
    [{ alga: 'true', version: '1', type: 'ready' }, 'bare'],
    [{ alga: true, version: '1' }, 'foreign'],
    [{ type: 7 }, 'foreign'],
    [null, 'foreign'],
    [undefined, 'foreign'],
    ['{"alga":true}', 'foreign'],
    [[], 'foreign'],
  ])('%j is %s', (data, kind) => {
    expect(readMessage(data).envelope).toBe(kind);
  });

  it('reads what the host writes', () => {
    const message = readMessage(envelope('apiproxy_response', { body: '' }, 'q1'));
    expect(message).toEqual({
      envelope: 'valid',
      type: 'apiproxy_response',
      requestId: 'q1',
      payload: { body: '' },
    });
    expect(envelope('theme', {})).not.toHaveProperty('request_id');
  });
});

describe('judge (spec ui-bridge 2.2)', () => {
  it.each<[string, unknown, Sender, unknown]>([
    ['ready', full('ready'), FRAME, { act: 'ready' }],
    ['ready without an envelope', { type: 'ready' }, FRAME, { act: 'ignore', code: 'bridge.no-envelope' }],
    [
      'ready of another window',
      full('ready'),
      { ...FRAME, isFrame: false },
      { act: 'ready', code: 'bridge.other-window' },
    ],
    [
      'ready of another origin',
      full('ready'),
      { origin: 'null', isFrame: true },
      { act: 'ignore', code: 'bridge.origin-mismatch' },
    ],
    ['apiproxy', full('apiproxy'), FRAME, { act: 'apiproxy' }],
    ['bare apiproxy', { type: 'apiproxy' }, FRAME, { act: 'apiproxy', code: 'bridge.no-envelope' }],
    ['bare resize', { type: 'resize' }, FRAME, { act: 'resize', code: 'bridge.no-envelope' }],
    [
      'apiproxy of another window',
      full('apiproxy'),
      { ...FRAME, isFrame: false },
      { act: 'ignore', code: 'bridge.other-window' },
    ],
    [
      'apiproxy while the frame has no window',
      full('apiproxy'),
      { ...FRAME, isFrame: undefined },
      { act: 'apiproxy' },
    ],
    [
      'apiproxy of another origin',
      full('apiproxy'),
      { origin: 'http://x', isFrame: true },
      { act: 'ignore', code: 'bridge.origin-mismatch' },
    ],
    ['navigate', full('navigate'), FRAME, { act: 'ignore', code: 'bridge.navigate-ignored' }],
    ['bootstrap', full('bootstrap'), FRAME, { act: 'ignore', code: 'bridge.unknown-type' }],
    ['no message', 'hello', FRAME, { act: 'ignore', code: 'bridge.unknown-type' }],
  ])('%s', (_name, data, sender, expected) => {
    const { act, warning } = judge(readMessage(data), sender, ORIGIN);
    expect({ act, ...(warning && { code: warning.code }) }).toEqual(expected);
  });
});
