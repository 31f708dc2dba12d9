import { describe, expect, it } from 'vitest';
import {
  bench,
  type Bench,
  DIRECT,
  faulted,
  install,
  openBench,
  PROXY,
  respond,
  useApiBench,
} from './test-kit.ts';

useApiBench();

describe('rate limit (spec 6.3 row 7)', () => {
  it('60 at once for both routes together, then 429 with retry-after, then one a second', async () => {
    let now = 0;
    const limited = await openBench({ now: () => now });
    for (let call = 0; call < 60; call += 1)
      expect((await limited.send('GET', `${call % 2 === 0 ? PROXY : DIRECT}/api/items`)).status).toBe(200);
    const refused = await limited.send('GET', `${PROXY}/api/items`);
    expect([refused.status, refused.text, refused.headers['retry-after']]).toEqual([
      429,
      '{"error":"rate_limited"}',
      '1',
    ]);
    now = 1000;
    expect((await limited.send('GET', `${PROXY}/api/items`)).status).toBe(200);
    await limited.close();
  });
});

describe('idempotency (spec 4.3, 6.1)', () => {
  const post = (base: string, key: string): ReturnType<Bench['send']> =>
    bench.send('POST', `${base}/api/items`, { headers: { 'x-idempotency-key': key } });

  it('direct: an answer is repeated for its key, another build answers anew', async () => {
    respond({ status: 500, headers: [], body: Buffer.from('first') });
    expect((await post(DIRECT, 'k')).text).toBe('first');
    respond({ status: 200, headers: [], body: Buffer.from('second') });
    const again = await post(DIRECT, 'k');
    expect([again.status, again.text]).toEqual([500, 'first']);
    expect((await post(DIRECT, 'other')).text).toBe('second');
    bench.registry.all = [install({ contentHash: `sha256:${'cd'.repeat(32)}` })];
    expect((await post(DIRECT, 'k')).text).toBe('second');
  });

  it('direct: the request id stands in for a key, and GET has none', async () => {
    const headers = { 'x-request-id': 'same' };
    await bench.send('POST', `${DIRECT}/api/items`, { headers });
    await bench.send('POST', `${DIRECT}/api/items`, { headers });
    expect(bench.runner.runs).toHaveLength(1);
    await bench.send('GET', `${DIRECT}/api/items`, { headers });
    await bench.send('GET', `${DIRECT}/api/items`, { headers });
    expect(bench.runner.runs).toHaveLength(3);
  });

  it('direct: a failed run is not kept', async () => {
    bench.runner.behave = () => Promise.resolve(faulted('guest.trap'));
    expect((await post(DIRECT, 'f')).status).toBe(500);
    respond({ status: 200, headers: [] });
    expect((await post(DIRECT, 'f')).status).toBe(200);
  });

  it('proxy: nothing is repeated', async () => {
    await post(PROXY, 'k2');
    await post(PROXY, 'k2');
    expect(bench.runner.runs).toHaveLength(2);
  });
});

describe('strict posture (spec 13.1)', () => {
  const explanation = (reply: { text: string }): unknown =>
    (JSON.parse(reply.text) as { explanation: { code: string } }).explanation;

  it('explains a refusal beside what the platform says', async () => {
    bench.gateway.setPosture('strict');
    const reply = await bench.send('PUT', `${PROXY}/api/items`);
    expect([reply.status, reply.headers['x-ext-warning']]).toEqual([404, 'gateway.endpoint-not-declared']);
    expect(JSON.parse(reply.text)).toMatchObject({ error: 'endpoint_not_found' });
    expect(explanation(reply)).toMatchObject({
      code: 'gateway.endpoint-not-declared',
      detail: expect.stringContaining('PUT /api/items') as string,
      next: expect.stringContaining('api.endpoints') as string,
    });
  });

  it('fills the empty body of a failed run', async () => {
    bench.gateway.setPosture('strict');
    bench.runner.behave = () => Promise.resolve(faulted('guest.trap', 'It divided by zero.'));
    const reply = await bench.send('GET', `${DIRECT}/api/items`);
    expect([reply.status, reply.headers['x-ext-warning']]).toEqual([500, 'guest.trap']);
    expect(explanation(reply)).toMatchObject({ code: 'guest.trap', message: 'It divided by zero.' });
  });

  it('leaves a handler’s own error alone', async () => {
    bench.gateway.setPosture('strict');
    respond({ status: 404, headers: [], body: Buffer.from('no such item') });
    expect((await bench.send('GET', `${PROXY}/api/items`)).text).toBe('no such item');
  });
});
