import { beforeEach, describe, expect, it } from 'vitest';
import type { BridgeEvent, Posture, PreviewTheme } from '../../contract/index.ts';
import { Bridge, type BridgePage } from './bridge.ts';
import { envelope } from './envelope.ts';
import { THEME_TOKENS } from './themes.ts';
import type { Sender } from './verdict.ts';

const ORIGIN = 'http://a-b.localhost:4310';
const FRAME: Sender = { origin: ORIGIN, isFrame: true };

/** A page that keeps what the bridge does with it. */
class FakePage implements BridgePage {
  readonly posted: { message: unknown; target: string }[] = [];
  readonly heights: number[] = [];
  readonly reported: BridgeEvent[] = [];
  readonly fetched: string[] = [];
  readies = 0;
  clock = 1000;
  chosen: Posture = 'faithful';
  shown: PreviewTheme = 'dark';
  respond: () => Promise<Response> = () => Promise.resolve(new Response('{"a":1}'));
  #ids = 0;

  post(message: unknown, target: string): void {
    this.posted.push({ message, target });
  }
  setHeight(pixels: number): void {
    this.heights.push(pixels);
  }
  ready(): void {
    this.readies += 1;
  }
  readonly fetch: typeof fetch = (url, init) => {
    const trace = new Headers(init?.headers).get('x-xwb-trace') ?? '';
    this.fetched.push(`${init?.method ?? ''} ${url instanceof Request ? url.url : url.toString()} ${trace}`);
    return this.respond();
  };
  report(event: BridgeEvent): void {
    this.reported.push(event);
  }
  theme(): PreviewTheme {
    return this.shown;
  }
  posture(): Posture {
    return this.chosen;
  }
  now(): number {
    return this.clock;
  }
  newId(): string {
    this.#ids += 1;
    return `trace-${this.#ids}`;
  }
  /** The next report that passes. */
  async until(found: (event: BridgeEvent) => boolean): Promise<BridgeEvent> {
    for (;;) {
      const event = this.reported.find(found);
      if (event !== undefined) return event;
      await new Promise(resolve => setImmediate(resolve));
    }
  }
}

let page: FakePage;
let bridge: Bridge;
beforeEach(() => {
  page = new FakePage();
  bridge = new Bridge(page, { registryId: 'id-1', frameOrigin: ORIGIN, pageOrigin: 'http://localhost:4310' });
});
const isProxy = (event: BridgeEvent): boolean => event.type === 'apiproxy';

describe('ready', () => {
  it('shows the frame and sends the theme under the same trace, every time', () => {
    bridge.receive(envelope('ready', {}), FRAME);
    bridge.receive(envelope('ready', {}), FRAME);
    expect(page.readies).toBe(2);
    expect(page.posted).toHaveLength(2);
    expect(page.posted[0]).toEqual({ message: envelope('theme', THEME_TOKENS.dark), target: ORIGIN });
    expect(page.reported.map(event => `${event.direction} ${event.type} ${event.traceId}`)).toEqual([
      'to-host ready trace-1',
      'to-extension theme trace-1',
      'to-host ready trace-2',
      'to-extension theme trace-2',
    ]);
  });

  it('is ignored without an envelope', () => {
    bridge.receive({ type: 'ready' }, FRAME);
    expect([page.readies, page.posted.length]).toEqual([0, 0]);
    expect(page.reported).toMatchObject([{ status: 'ignored', warning: { code: 'bridge.no-envelope' } }]);
  });
});

describe('resize', () => {
  it('sets the height', () => {
    bridge.receive({ type: 'resize', payload: { height: 321.5 } }, FRAME);
    expect(page.heights).toEqual([321]);
    expect(page.reported).toMatchObject([{ type: 'resize', detail: '321 px', envelope: 'bare' }]);
  });

  it('ignores what is no number', () => {
    bridge.receive(envelope('resize', { height: 'tall' }), FRAME);
    expect(page.heights).toEqual([]);
    expect(page.reported).toMatchObject([{ status: 'ignored', warning: { code: 'bridge.bad-height' } }]);
  });
});

describe('apiproxy', () => {
  const call = (payload: unknown, requestId: unknown = 'q1'): void =>
    bridge.receive(envelope('apiproxy', payload, requestId), FRAME);

  it('calls the gateway and answers to any origin, as one event', async () => {
    page.respond = () => {
      page.clock += 12;
      return Promise.resolve(new Response('{"a":1}', { headers: { 'content-type': 'application/json' } }));
    };
    call({ route: '/api/items', body: btoa('in') });
    const event = await page.until(isProxy);
    expect(page.fetched).toEqual(['POST /api/ext-proxy/id-1/api/items trace-1']);
    expect(page.posted).toEqual([
      { message: envelope('apiproxy_response', { body: btoa('{"a":1}') }, 'q1'), target: '*' },
    ]);
    expect(event).toMatchObject({
      traceId: 'trace-1',
      detail: 'POST /api/items',
      startedAt: 1000,
      durationMs: 12,
      status: '200',
      outcome: 'ok',
      requestId: 'q1',
      envelope: 'valid',
      origin: ORIGIN,
      request: { base64: btoa('in'), bytes: 2 },
      response: { base64: btoa('{"a":1}'), bytes: 7, contentType: 'application/json' },
    });
  });

  it('answers only to the extension’s own origin in the strict posture', async () => {
    page.chosen = 'strict';
    call({ route: '/a' });
    await page.until(isProxy);
    expect(page.posted[0]?.target).toBe(ORIGIN);
  });

  it('answers errors with one string', async () => {
    page.respond = () => Promise.resolve(new Response('no', { status: 403 }));
    call({ route: '/a' });
    expect(await page.until(isProxy)).toMatchObject({ status: '403', outcome: 'error' });
    expect(page.posted[0]?.message).toMatchObject({ payload: { error: 'Proxy error 403: no' } });
  });

  it('keeps calls apart, whatever order their answers come in', async () => {
    const waiting: ((response: Response) => void)[] = [];
    page.respond = () => new Promise(resolve => waiting.push(resolve));
    call({ route: '/1' }, 'q1');
    call({ route: '/2' }, 'q2');
    waiting[1]?.(new Response('two'));
    await page.until(event => event.requestId === 'q2');
    waiting[0]?.(new Response('one'));
    await page.until(event => event.requestId === 'q1');
    expect(page.posted.map(({ message }) => message)).toEqual([
      envelope('apiproxy_response', { body: btoa('two') }, 'q2'),
      envelope('apiproxy_response', { body: btoa('one') }, 'q1'),
    ]);
  });

  it('refuses a route that escapes, with an answer and no call', () => {
    call({ route: '/../../v1/users' });
    expect(page.fetched).toEqual([]);
    expect(page.posted[0]?.message).toMatchObject({
      payload: { error: 'Proxy error 404: {"error":"endpoint_not_found"}' },
    });
    expect(page.reported).toMatchObject([{ status: 'refused', warning: { code: 'bridge.route-escapes' } }]);
  });

  it.each([
    [{ route: '/a', method: 'HEAD' }, 'q1', 'bridge.unsupported-method'],
    [{ route: '/a' }, '', 'bridge.no-request-id'],
  ])('drops %j with the id %j without an answer', (payload, requestId, code) => {
    call(payload, requestId);
    expect([page.fetched, page.posted]).toEqual([[], []]);
    expect(page.reported).toMatchObject([{ status: 'dropped', outcome: 'error', warning: { code } }]);
  });

  it('says when the SDK has given up already', async () => {
    page.respond = () => {
      page.clock += 15_001;
      return Promise.resolve(new Response('x'));
    };
    call({ route: '/a' });
    expect(await page.until(isProxy)).toMatchObject({
      outcome: 'ok',
      warning: { code: 'bridge.sdk-gave-up' },
    });
  });

  it('cuts what it reports of a large body, not what it answers', async () => {
    page.respond = () => Promise.resolve(new Response(new Uint8Array(1_500_000)));
    call({ route: '/a' });
    const { response } = await page.until(isProxy);
    expect(response).toMatchObject({ bytes: 1_500_000, truncated: true });
    expect(page.posted[0]?.message).toMatchObject({
      payload: { body: Buffer.alloc(1_500_000).toString('base64') },
    });
  });

  it('reports what is unanswered when the page is left, and answers no more', async () => {
    let answer: (response: Response) => void = () => undefined;
    page.respond = () => new Promise(resolve => (answer = resolve));
    call({ route: '/a' });
    bridge.leave();
    expect(page.reported).toMatchObject([{ status: 'unanswered', warning: { code: 'bridge.no-answer' } }]);
    answer(new Response('late'));
    await new Promise(resolve => setImmediate(resolve));
    expect([page.posted.length, page.reported.length]).toEqual([0, 1]);
  });
});

describe('other messages', () => {
  it('of the frame are reported and ignored', () => {
    bridge.receive(envelope('navigate', { path: '/' }), FRAME);
    bridge.receive('text', FRAME);
    expect(page.reported.map(event => `${event.type} ${event.warning?.code ?? ''}`)).toEqual([
      'navigate bridge.navigate-ignored',
      'message bridge.unknown-type',
    ]);
  });

  it('of other origins are dropped, and reported only when they look like ours', () => {
    const other: Sender = { origin: 'http://evil.example', isFrame: false };
    bridge.receive({ source: 'some-devtool' }, other);
    expect(page.reported).toEqual([]);
    bridge.receive(envelope('apiproxy', { route: '/a' }, 'q'), other);
    expect(page.reported).toMatchObject([{ status: 'ignored', warning: { code: 'bridge.origin-mismatch' } }]);
    expect([page.fetched, page.posted]).toEqual([[], []]);
  });
});
