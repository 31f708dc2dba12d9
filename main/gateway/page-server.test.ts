import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { insertedScripts } from './page-pass.ts';
import { HASH, install, openBench, REGISTRY_ID, TENANT, type Bench } from './test-kit.ts';

const BASE = `/ext-ui/${REGISTRY_ID}/served/`;
const PAGE = `/ext-ui/${REGISTRY_ID}/${encodeURIComponent(HASH)}`;
const OWN = 'import "/x/@react-refresh";\nwindow.y = 1;';
const HTML = `<script type="module">${OWN}</script><script>alert(1)</script><script type="module" src="/a.js"></script>`;

let bench: Bench;
let server: Server;
let host: string;
let port: number;
/** Targets that the page server was asked for. */
let asked: string[];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const html = request.url?.includes('.html') === true;
    response.writeHead(200, {
      'content-type': html ? 'text/html' : 'text/javascript',
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
    });
    response.end(html ? HTML : `host ${request.headers.host ?? ''}`);
  });
  server.on('upgrade', (_request, socket: Duplex) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    socket.pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
});
beforeEach(async () => {
  asked = [];
  bench = await openBench({ frameAncestors: ['xwb://app'] });
  host = `0f0e0d0c-aabbccdd.localhost:${bench.gateway.port}`;
  bench.registry.all = [install({ pageServer: { port, base: BASE } })];
});
afterEach(() => bench.close());
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('gives the page out under its content hash, with the policy of every page', async () => {
  const reply = await bench.send('GET', `${PAGE}/index.html?tenant=${TENANT.tenantId}&x=%20`, { host });
  expect([reply.status, reply.text]).toEqual([200, HTML]);
  expect(asked).toEqual([`${BASE}index.html?tenant=${TENANT.tenantId}&x=%20`]);
  const hash = createHash('sha256').update(OWN).digest('base64');
  expect(reply.headers['content-security-policy']).toContain(`script-src 'self' 'sha256-${hash}';`);
  expect(reply.headers['content-security-policy']).toContain('frame-ancestors');
  expect(reply.headers['access-control-allow-origin']).toBeUndefined();
  expect(reply.headers['x-content-type-options']).toBe('nosniff');
  expect(reply.headers['cache-control']).toBe('no-cache');
});

it('gives what the page loads to its own host alone', async () => {
  const reply = await bench.send('GET', `${BASE}src/main.tsx?t=1`, { host });
  expect([reply.status, reply.text]).toEqual([200, `host ${host}`]);
  const refused = await bench.send('GET', `${BASE}src/main.tsx`);
  expect([refused.status, refused.headers['cache-control']]).toEqual([404, 'no-store']);
  bench.registry.all = [install()];
  expect((await bench.send('GET', `${BASE}src/main.tsx`, { host })).status).toBe(404);
  expect(asked).toEqual([`${BASE}src/main.tsx?t=1`]);
});

it('keeps a page of the main site in a sandbox', async () => {
  const reply = await bench.send('GET', `${PAGE}/index.html?tenant=${TENANT.tenantId}`);
  expect(reply.headers['content-security-policy']).toMatch(/; sandbox allow-scripts /);
});

it('says so when the page server is gone', async () => {
  bench.registry.all = [install({ pageServer: { port: 1, base: BASE } })];
  const reply = await bench.send('GET', `${PAGE}/index.html?tenant=${TENANT.tenantId}`, { host });
  expect([reply.status, reply.headers['cache-control']]).toEqual([502, 'no-store']);
});

it('allows the scripts that a server puts in, and no other', () => {
  expect(insertedScripts('<script>a</script><script type="module" src="x"></script>')).toEqual([]);
  expect(insertedScripts('<script type="module" crossorigin>a</script>')).toHaveLength(1);
});

/** Asks for a WebSocket; resolves to the socket, or to the status of a refusal. */
function socket(target: string, headers: Record<string, string>): Promise<Duplex | number> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex | number>();
  const asking = httpRequest({
    host: '127.0.0.1',
    port: bench.gateway.port,
    path: target,
    headers: { connection: 'upgrade', upgrade: 'websocket', ...headers },
  });
  asking.once('upgrade', (_response, opened) => resolve(opened));
  asking.once('response', response => resolve(response.resume().statusCode ?? 0));
  asking.once('error', reject).end();
  return promise;
}

it('joins a page with its server, until either goes or the gateway closes', async () => {
  const opened = await socket(`${BASE}?token=1`, { host, origin: `http://${host}` });
  if (typeof opened === 'number') throw new Error(`Refused with ${opened}.`);
  opened.write('hello');
  expect(String((await once(opened, 'data'))[0])).toBe('hello');
  const closed = once(opened, 'close');
  await bench.gateway.close();
  await closed;
});

it.each([
  ['another origin', (): Record<string, string> => ({ host, origin: 'http://evil.example' }), BASE],
  ['the host page', () => ({ host, origin: bench.gateway.url }), BASE],
  ['no origin', () => ({ host }), BASE],
  ['the main site', () => ({ host: `localhost:${bench.gateway.port}`, origin: bench.gateway.url }), BASE],
  ['another path', () => ({ host, origin: `http://${host}` }), `${PAGE}/`],
  ['another extension', () => ({ host, origin: `http://${host}` }), '/ext-ui/other/served/'],
])('refuses a socket to %s', async (_who, headers, target) => {
  expect(await socket(target, headers())).toBe(403);
});

it('answers what asks for something else than a WebSocket as an ordinary request', async () => {
  const headers = { host: `localhost:${bench.gateway.port}`, upgrade: 'h2c' };
  expect(await socket('/msp/extensions/none', headers)).not.toBe(403);
});
