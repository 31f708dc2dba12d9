import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  answered,
  bench,
  CLIENT,
  DIRECT,
  faulted,
  HASH,
  openBench,
  PROXY,
  REGISTRY_ID,
  TENANT,
  useApiBench,
} from './test-kit.ts';

useApiBench();

const ROUTE = '/api/ext-debug/stream';

interface Polled {
  readonly events: Readonly<Record<string, unknown>>[];
  readonly lastId: string;
}

async function poll(query: string, body: object = {}): Promise<Polled> {
  const reply = await bench.send('POST', `${ROUTE}?extensionId=${query}`, { body: JSON.stringify(body) });
  expect(reply.status).toBe(200);
  return JSON.parse(reply.text) as Polled;
}

/** Opens the stream of server-sent events. */
function listen(port: number, query: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const path = `${ROUTE}?extensionId=${query}`;
    httpGet({ host: '127.0.0.1', port, path, agent: false }, resolve).once('error', reject);
  });
}

/** Lets the handler log a line and answer. */
function logging(...messages: string[]): void {
  bench.runner.behave = run => {
    const logs = messages.map(message => ({ level: 'warn' as const, message, offsetMs: 1 }));
    for (const line of logs) run.onLog?.(line);
    return Promise.resolve(answered({ status: 200, headers: [] }, { logs }));
  };
}

describe('debug events of the gateway’s runs (spec 4.11)', () => {
  it.each([
    ['proxy', PROXY],
    ['direct', DIRECT],
  ])('%s: a line has its request and the time in both forms', async (name, base) => {
    logging(`from ${name} hush-hush`);
    await bench.send('GET', `${base}/api/items`, { headers: { 'x-request-id': `r-${name}` } });
    const { events } = await poll(`${REGISTRY_ID}&requestId=r-${name}`);
    expect(events).toEqual([
      {
        ts: expect.stringMatching(/^\d{13}$/) as string,
        iso: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        level: 'warn',
        stream: 'log',
        tenantId: TENANT.tenantId,
        extensionId: REGISTRY_ID,
        installId: 'install-1',
        requestId: `r-${name}`,
        versionId: 'version-1',
        contentHash: HASH,
        message: `from ${name} •••`,
        truncated: false,
      },
    ]);
  });

  it('a failed run tells the whole story', async () => {
    bench.runner.behave = () => Promise.resolve(faulted('guest.trap', 'It trapped.'));
    await bench.send('GET', `${PROXY}/api/items`, { headers: { 'x-request-id': 'r-failed' } });
    bench.runner.behave = () => Promise.reject(new Error('no such thing'));
    await bench.send('GET', `${PROXY}/api/items`, { headers: { 'x-request-id': 'r-failed' } });
    const { events } = await poll(`${REGISTRY_ID}&requestId=r-failed`);
    expect(events.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'execute_failed: It trapped. in detail'],
      ['error', 'execute_failed: internal.unexpected: no such thing'],
    ]);
  });

  it('polling goes on where it stopped; a slug and an install id mean the same stream', async () => {
    logging('one', 'two');
    await bench.send('GET', `${PROXY}/api/items`);
    const first = await poll('acme.invoice-helper');
    logging('three');
    await bench.send('GET', `${PROXY}/api/items`);
    const second = await poll('install-1', { lastId: first.lastId });
    expect(second.events.map(({ message }) => message)).toEqual(['three']);
    const third = await poll(REGISTRY_ID, { lastId: second.lastId });
    expect(third).toEqual({ events: [], lastId: second.lastId });
    expect(await poll('nobody')).toEqual({ events: [], lastId: '0-0' });
    expect((await poll(`${REGISTRY_ID}&installId=other`)).events).toEqual([]);
  });

  it('server-sent events give the past, then what comes', async () => {
    logging('past');
    await bench.send('GET', `${PROXY}/api/items`, { headers: { 'x-request-id': 'sse' } });
    const response = await listen(bench.gateway.port, `${REGISTRY_ID}&requestId=sse`);
    expect(response.headers['content-type']).toBe('text/event-stream');
    const messages: string[] = [];
    logging('new');
    await bench.send('GET', `${PROXY}/api/items`, { headers: { 'x-request-id': 'other' } });
    await bench.send('GET', `${PROXY}/api/items`, { headers: { 'x-request-id': 'sse' } });
    for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
      for (const [, data = ''] of chunk.matchAll(/^data: (.*)$/gm)) {
        messages.push((JSON.parse(data) as { message: string }).message);
      }
      if (messages.length >= 2) break;
    }
    expect(messages).toEqual(['past', 'new']);
  });

  it('closing the gateway ends the stream', async () => {
    const own = await openBench();
    const response = await listen(own.gateway.port, REGISTRY_ID);
    const ended = once(response.resume(), 'close');
    await own.close();
    await ended;
  });
});

describe('who may read them (spec 4.11)', () => {
  it.each([
    [() => (bench.registry.user = undefined), 'x', 401, 'Unauthorized'],
    [() => (bench.registry.user = CLIENT), 'x', 403, 'Forbidden'],
    [() => undefined, '', 400, 'extensionId is required'],
  ])('%s', async (prepare, extension, status, error) => {
    prepare();
    for (const method of ['GET', 'POST']) {
      const reply = await bench.send(method, `${ROUTE}?extensionId=${extension}`);
      expect([reply.status, JSON.parse(reply.text)]).toEqual([status, { error }]);
    }
  });

  it('another tenant’s stream is open as on the platform, and closed when strict', async () => {
    const other = `${ROUTE}?extensionId=x&tenantId=other`;
    expect((await bench.send('POST', other)).status).toBe(200);
    bench.gateway.setPosture('strict');
    expect((await bench.send('POST', other)).status).toBe(403);
  });

  it('a page of another origin may not', async () => {
    const headers = { origin: 'http://evil.example' };
    expect((await bench.send('GET', `${ROUTE}?extensionId=x`, { headers })).status).toBe(403);
  });
});
