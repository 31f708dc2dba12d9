import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { callGateway } from './proxy-reply.ts';

const REQUEST = { url: '/api/ext-proxy/id-1/a', method: 'POST' };
const answering =
  (response: Response): typeof fetch =>
  () =>
    Promise.resolve(response);

describe('callGateway (spec ui-bridge 3.6.2)', () => {
  it.each<[string, Response, unknown]>([
    ['2xx', new Response('{"a":1}'), { body: btoa('{"a":1}') }],
    ['201', new Response('x', { status: 201 }), { body: btoa('x') }],
    ['204', new Response(null, { status: 204 }), { body: '' }],
    ['an empty body', new Response(''), { body: '' }],
    [
      '404',
      new Response('{"error":"endpoint_not_found"}', { status: 404 }),
      { error: 'Proxy error 404: {"error":"endpoint_not_found"}' },
    ],
    ['500 with nothing', new Response(null, { status: 500 }), { error: 'Proxy error 500: ' }],
    ['304', new Response(null, { status: 304 }), { error: 'Proxy error 304: ' }],
  ])('%s', async (_name, response, payload) => {
    expect((await callGateway(REQUEST, 'trace', answering(response))).payload).toEqual(payload);
  });

  it('sends bytes as octets and nothing else but the trace', async () => {
    const sent: RequestInit[] = [];
    const keep: typeof fetch = (_url, init) => {
      sent.push(init ?? {});
      return Promise.resolve(new Response());
    };
    await callGateway({ ...REQUEST, body: fromBase64('eA==') }, 'trace-1', keep);
    await callGateway(REQUEST, 'trace-2', keep);
    expect(sent).toEqual([
      {
        method: 'POST',
        headers: { 'x-xwb-trace': 'trace-1', 'content-type': 'application/octet-stream' },
        body: fromBase64('eA=='),
      },
      { method: 'POST', headers: { 'x-xwb-trace': 'trace-2' } },
    ]);
  });

  it('turns an exception into its message', async () => {
    const failing: typeof fetch = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await callGateway(REQUEST, 't', failing)).toMatchObject({
      payload: { error: 'Failed to fetch' },
      status: 'failed',
    });
  });

  it('takes the status text where an error’s body breaks off, and fails where a good one does', async () => {
    const broken = (status: number): Response => {
      const stream = new ReadableStream({ start: controller => controller.error(new Error('broken off')) });
      return new Response(stream, { status, statusText: 'Bad Gateway' });
    };
    expect((await callGateway(REQUEST, 't', answering(broken(502)))).payload).toEqual({
      error: 'Proxy error 502: Bad Gateway',
    });
    expect((await callGateway(REQUEST, 't', answering(broken(200)))).payload).toEqual({
      error: 'broken off',
    });
  });

  it('corrupts the body where the type holds a comma, as the platform does (§10 item 47)', async () => {
    const headers = { 'content-type': 'text/plain; x="a,b"' };
    const reply = await callGateway(REQUEST, 't', answering(new Response('hi', { headers })));
    expect(reply).toMatchObject({
      payload: { body: `b";base64,${btoa('hi')}` },
      warning: { code: 'bridge.comma-in-type' },
    });
    expect([...reply.bytes]).toEqual([...new TextEncoder().encode('hi')]);
  });
});

describe('base64', () => {
  it('keeps every byte, also of large bodies', () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  });
});
