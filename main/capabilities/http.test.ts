import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Header, HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import { parseEgressAllowlist } from './egress.ts';
import type { HostContext } from './host-context.ts';
import { callOf, contextWith, memoryStore } from './test-kit.ts';

let store: Store;
let capabilities: Capabilities;
let server: Server;
let base: string;
let answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

beforeEach(async () => {
  store = memoryStore();
  capabilities = createCapabilities({ store });
  answer = (_, response) => response.end('hello');
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await capabilities.close();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  store.close();
});

interface Options {
  method?: string;
  headers?: Header[];
  body?: Uint8Array;
  context?: Partial<HostContext>;
}

function fetch(
  url: string,
  { method = 'GET', headers = [], body, context = {} }: Options = {},
): Promise<HostReply> {
  const functions = capabilities.hostFunctions(contextWith(['cap:http.fetch'], context));
  return functions(callOf('http.fetch', { request: { method, url, headers } }, body));
}
const textOf = (reply: HostReply): string => Buffer.from(reply.bytes ?? []).toString();

describe('exchange', () => {
  test('method, path, headers and body arrive; status, headers and body come back', async () => {
    answer = (request, response, body) => {
      response.writeHead(201, {
        'X-Seen': `${request.method ?? ''} ${request.url ?? ''}`,
        'Content-Type': 'text/plain',
      });
      response.end(`got ${body.toString()} as ${request.headers['content-type'] ?? ''}`);
    };
    const reply = await fetch(`${base}/items?q=1#part`, {
      method: 'POST',
      headers: [{ name: 'Content-Type', value: 'text/x-test' }],
      body: Buffer.from('body'),
    });
    expect(reply.value).toMatchObject({
      ok: {
        status: 201,
        headers: expect.arrayContaining([{ name: 'x-seen', value: 'POST /items?q=1' }]) as unknown,
      },
    });
    expect(textOf(reply)).toBe('got body as text/x-test');
  });

  test('a body is always there, if only empty', async () => {
    answer = (_, response) => response.writeHead(204).end();
    expect((await fetch(base)).bytes).toHaveLength(0);
  });

  test('redirects are not followed', async () => {
    answer = (_, response) => response.writeHead(302, { location: `${base}/elsewhere` }).end();
    expect((await fetch(base)).value).toMatchObject({ ok: { status: 302 } });
  });

  test('error statuses are answers', async () => {
    answer = (_, response) => response.writeHead(503).end('down');
    expect((await fetch(base)).value).toMatchObject({ ok: { status: 503 } });
  });

  test('own methods and lower-case ones pass as they are', async () => {
    answer = (request, response) => response.end(request.method);
    expect(textOf(await fetch(base, { method: 'PROPFIND' }))).toBe('PROPFIND');
  });

  test('compressed bodies are handed on as they came', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all');
    expect(textOf(await fetch(base))).toBe('not gzip at all');
  });
});

describe('headers', () => {
  test('duplicates are kept on the way out', async () => {
    answer = (request, response) => response.end(JSON.stringify(request.rawHeaders));
    const raw = JSON.parse(
      textOf(
        await fetch(base, {
          headers: [
            { name: 'X-A', value: '1' },
            { name: 'X-A', value: '2' },
          ],
        }),
      ),
    ) as string[];
    expect(raw.join('|')).toContain('X-A|1|X-A|2');
  });

  test('duplicates are kept on the way in, values that are not ASCII become empty', async () => {
    answer = (_, response) => {
      response.writeHead(
        200,
        [
          ['X-A', '1'],
          ['X-A', '2'],
          ['X-Name', Buffer.from('Jürgen').toString('latin1')],
        ].flat(),
      );
      response.end();
    };
    const { ok } = (await fetch(base)).value as { ok: { headers: Header[] } };
    expect(ok.headers.filter(({ name }) => name.startsWith('x-'))).toEqual([
      { name: 'x-a', value: '1' },
      { name: 'x-a', value: '2' },
      { name: 'x-name', value: '' },
    ]);
  });

  test('a value that is not ASCII goes out as UTF-8', async () => {
    answer = (request, response) => response.end(Buffer.from(String(request.headers['x-name']), 'latin1'));
    expect(textOf(await fetch(base, { headers: [{ name: 'x-name', value: 'Jürgen €' }] }))).toBe('Jürgen €');
  });

  test.each([
    ['an illegal name', 'bad name', 'x'],
    ['an empty name', '', 'x'],
    ['a line break in a value', 'x-a', '1\r\nx-b: 2'],
  ])('%s is transport', async (_, name, value) => {
    expect((await fetch(base, { headers: [{ name, value }] })).value).toEqual({ err: 'transport' });
  });

  test('framing headers are the client’s own', async () => {
    answer = (request, response, body) =>
      response.end(`${request.headers['content-length'] ?? ''} ${body.toString()}`);
    const headers = [
      { name: 'Transfer-Encoding', value: 'chunked' },
      { name: 'Keep-Alive', value: 'timeout=5' },
    ];
    expect(textOf(await fetch(base, { method: 'POST', headers, body: Buffer.from('abc') }))).toBe('3 abc');
  });
});

describe('refusals, in the platform’s order', () => {
  const elsewhere = { egress: parseEgressAllowlist('example.test') };

  test.each([
    ['no URL', 'nonsense', 'GET', {}, 'invalid-url'],
    ['a relative URL', '/path', 'GET', {}, 'invalid-url'],
    ['no URL before the allowlist', 'nonsense', 'GET', elsewhere, 'invalid-url'],
    ['the allowlist before the method', 'http://other.test/', 'B AD', elsewhere, 'not-allowed'],
    ['the method', 'http://127.0.0.1:1/', 'B AD', {}, 'invalid-url'],
    ['an empty method', 'http://127.0.0.1:1/', '', {}, 'invalid-url'],
    ['another scheme', 'ftp://127.0.0.1/', 'GET', {}, 'transport'],
    ['a host that a list cannot name', 'data:text/plain,x', 'GET', elsewhere, 'not-allowed'],
    ['nobody listening', 'http://127.0.0.1:1/', 'GET', {}, 'transport'],
  ])('%s', async (_, url, method, context, expected) => {
    const reply = await fetch(url, { method, context });
    expect(reply.value).toEqual({ err: expected });
    expect(reply.note).not.toBe('');
  });

  test.each([
    ['', 'anything.test', true],
    [' , ', 'anything.test', true],
    ['example.test', 'example.test', true],
    [' Example.TEST , other', 'API.example.test', true],
    ['example.test', 'badexample.test', false],
    ['example.test', 'example.test.evil', false],
    ['api.example.test', 'example.test', false],
    ['127.0.0.1', '127.0.0.1', true],
  ])('allowlist %j and host %s: %s', async (list, host, allowed) => {
    const reply = await fetch(`http://${host}:1/`, {
      method: 'B AD',
      context: { egress: parseEgressAllowlist(list) },
    });
    expect(reply.value).toEqual({ err: allowed ? 'invalid-url' : 'not-allowed' });
  });
});

describe('failures on the way', () => {
  test('no answer in time is transport', async () => {
    await capabilities.close();
    capabilities = createCapabilities({ store, httpTimeoutMs: 50 });
    answer = () => undefined;
    expect((await fetch(base)).value).toEqual({ err: 'transport' });
  });

  test('a connection that breaks before the head is transport', async () => {
    answer = request => request.socket.destroy();
    expect((await fetch(base)).value).toEqual({ err: 'transport' });
  });

  test('a body that breaks off is internal', async () => {
    const half = createTcpServer(socket => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'));
    });
    await new Promise<void>(resolve => half.listen(0, '127.0.0.1', resolve));
    const reply = await fetch(`http://127.0.0.1:${(half.address() as AddressInfo).port}/`);
    expect(reply.value).toEqual({ err: 'internal' });
    await new Promise(resolve => half.close(resolve));
  });

  test('a cancelled run gives up its request at once, and the server sees it go', async () => {
    const controller = new AbortController();
    const gone = new Promise<void>(resolve => {
      answer = (_, response) => {
        response.on('close', resolve);
        controller.abort();
      };
    });
    expect((await fetch(base, { context: { signal: controller.signal } })).value).toEqual({
      err: 'transport',
    });
    await gone;
  });

  test('closing ends what is under way, and later calls fail', async () => {
    let reached = (): void => undefined;
    const arrived = new Promise<void>(resolve => (reached = resolve));
    answer = () => reached();
    const pending = fetch(base);
    await arrived;
    await capabilities.close();
    expect((await pending).value).toEqual({ err: 'transport' });
    expect((await fetch(base)).value).toEqual({ err: 'transport' });
    capabilities = createCapabilities({ store });
  });
});
