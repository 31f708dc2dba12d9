import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExchangeSummary, ExecuteResponse } from '../../contract/index.ts';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { FakeCapabilities } from '../capabilities/fake-capabilities.testing.ts';
import { answered, FakeRunner } from '../runner/fake-runner.testing.ts';
import { createTraffic, type Traffic } from '../traffic/index.ts';
import { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
import { AGENT, FakeRegistry, install, REGISTRY_ID } from './test-fakes.ts';

export { FakeCapabilities } from '../capabilities/fake-capabilities.testing.ts';
export * from '../runner/fake-runner.testing.ts';
export * from './test-fakes.ts';

export const PROXY = `/api/ext-proxy/${REGISTRY_ID}`;
export const DIRECT = `/api/ext/${REGISTRY_ID}`;
export const ROUTES = [
  ['proxy', PROXY],
  ['direct', DIRECT],
] as const;

/** A gateway on a free port with fakes around it. */
export interface Bench {
  readonly gateway: Gateway;
  readonly registry: FakeRegistry;
  readonly runner: FakeRunner;
  readonly capabilities: FakeCapabilities;
  readonly traffic: Traffic;
  readonly dir: string;
  /** Sends a request over a real socket, with the raw path and host as given. */
  send(method: string, path: string, options?: SendOptions): Promise<Reply>;
  /** Hops of a trace in order. */
  hops(traceId: string): ExchangeSummary[];
  close(): Promise<void>;
}

export interface SendOptions {
  readonly host?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export async function openBench(options: Partial<GatewayOptions> = {}): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'gateway-'));
  const registry = new FakeRegistry();
  const runner = new FakeRunner();
  const capabilities = new FakeCapabilities();
  const traffic = createTraffic();
  const parts = { registry, runner, capabilities, traffic };
  const gateway = await createGateway({ ...parts, hostPageDir: join(dir, 'page'), port: 0, ...options });
  return {
    ...parts,
    gateway,
    dir,
    send: (method, path, how = {}) => send(gateway.port, method, path, how),
    hops: traceId => traffic.list(`trace:${traceId}`).entries,
    async close() {
      await gateway.close();
      traffic.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The bench of {@link useApiBench}. */
export let bench: Bench;

/** Gives the tests of the calling file one gateway without a rate limit; each test begins with the same state. */
export function useApiBench(): void {
  beforeAll(async () => {
    bench = await openBench({ rateLimit: { capacity: 1_000_000, perSecond: 1 }, timeoutMs: 1234 });
  });
  beforeEach(() => {
    bench.registry.all = [install()];
    bench.registry.user = AGENT;
    bench.runner.runs.length = 0;
    bench.gateway.setPosture('faithful');
    respond({
      status: 200,
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      body: Buffer.from('{"ok":1}'),
    });
  });
  afterAll(() => bench.close());
}

/** Lets the handler of {@link useApiBench} answer this. */
export function respond(response: ExecuteResponse): void {
  bench.runner.behave = () => Promise.resolve(answered(response));
}

/** Writes files below a folder, by relative path. */
export async function writeFiles(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

function send(port: number, method: string, path: string, how: SendOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: false,
      headers: { host: how.host ?? `localhost:${port}`, ...how.headers },
      ...(how.signal && { signal: how.signal }),
    });
    request.once('error', reject);
    request.once('response', response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const body = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body,
          text: body.toString('utf8'),
        });
      });
    });
    request.end(how.body);
  });
}
