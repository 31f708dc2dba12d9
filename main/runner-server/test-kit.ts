import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packBundle } from '../bundle/index.ts';
import { FakeCapabilities } from '../capabilities/fake-capabilities.testing.ts';
import { ALLOW_ALL } from '../capabilities/index.ts';
import { DebugFeed, type DebugEvent } from '../hosting/index.ts';
import { FakeRunner } from '../runner/fake-runner.testing.ts';
import { BundleCache } from './bundle-cache.ts';
import { openBundleStore } from './bundle-store.ts';
import { RemoteRegistry } from './install-registry.ts';
import { createRunnerServer, type RunnerServerOptions } from './runner-server.ts';

export { FakeCapabilities } from '../capabilities/fake-capabilities.testing.ts';
export * from '../runner/fake-runner.testing.ts';

export const TENANT = '0f0e0d0c-1111-4222-8333-444455556666';
export const EXTENSION = 'aabbccdd-1111-4222-8333-444455556666';
export const IMMUTABLE = 'public, max-age=31536000, immutable';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** A runner server on a free port with fakes around it and a bundle store in a folder. */
export interface Bench extends AsyncDisposable {
  readonly runner: FakeRunner;
  readonly capabilities: FakeCapabilities;
  readonly events: DebugEvent[];
  readonly dir: string;
  readonly storeDir: string;
  readonly url: string;
  readonly port: number;
  /** Hash of the bundle that the store holds for {@link TENANT} and {@link EXTENSION}. */
  readonly contentHash: string;
  send(method: string, path: string, options?: SendOptions): Promise<Reply>;
  /** Posts an envelope with the routing headers; gives the JSON of the answer. */
  execute(document: unknown, headers?: Readonly<Record<string, string>>): Promise<unknown>;
  /** The smallest envelope that runs, with changes. */
  envelope(changes?: Readonly<Record<string, object | null>>): Record<string, unknown>;
  close(): Promise<void>;
}

export async function openBench(options: Partial<RunnerServerOptions> = {}): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'xwb runner-'));
  const storeDir = join(dir, 'store');
  const contentHash = await addBundle(storeDir, { 'dist/main.wasm': 'component', 'manifest.json': '{}' });
  const runner = new FakeRunner();
  const capabilities = new FakeCapabilities();
  const events: DebugEvent[] = [];
  const server = await createRunnerServer({
    runner,
    capabilities,
    bundles: new BundleCache(join(dir, 'cache'), openBundleStore(storeDir)),
    port: 0,
    egress: ALLOW_ALL,
    registry: new RemoteRegistry(undefined, undefined),
    ui: { strict: false, policy: {} },
    debug: new DebugFeed(event => events.push(event)),
    ...options,
  });
  const close = async (): Promise<void> => {
    await server.close();
    await rm(dir, { recursive: true, force: true });
  };
  const post = (document: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
    send(server.port, 'POST', '/v1/execute', {
      headers: {
        'content-type': 'application/json',
        'x-alga-tenant': TENANT,
        'x-alga-extension': EXTENSION,
        ...headers,
      },
      body: JSON.stringify(document),
    });
  return {
    runner,
    capabilities,
    events,
    dir,
    storeDir,
    contentHash,
    url: server.url,
    port: server.port,
    send: (method, path, how = {}) => send(server.port, method, path, how),
    execute: async (document, headers) => JSON.parse((await post(document, headers)).text) as unknown,
    envelope: (changes = {}) => ({
      ...changes,
      context: {
        tenant_id: TENANT,
        extension_id: EXTENSION,
        content_hash: contentHash,
        ...changes['context'],
      },
      http: { method: 'GET', path: '/api/items', ...changes['http'] },
      limits: { timeout_ms: 1000, ...changes['limits'] },
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Packs files and puts the bundle where the platform's store has it; gives its content hash. */
export async function addBundle(
  storeDir: string,
  files: Readonly<Record<string, string>>,
  place: { tenant?: string; extension?: string } = {},
): Promise<string> {
  await mkdir(storeDir, { recursive: true });
  const packed = join(storeDir, 'packed.tar.zst');
  const entries = Object.entries(files).map(([path, text]) => ({ path, source: Buffer.from(text) }));
  const { contentHash } = await packBundle(entries, packed);
  const hex = contentHash.replace('sha256:', '');
  const { tenant = TENANT, extension = EXTENSION } = place;
  const folder = join(storeDir, 'tenants', tenant, 'extensions', extension, 'sha256', hex);
  await mkdir(folder, { recursive: true });
  await rename(packed, join(folder, 'bundle.tar.zst'));
  await rm(join(dirname(packed), 'bundle.sha256'), { force: true });
  return contentHash;
}

/** Sends a request over a socket of its own, with the path and the headers exactly as given. */
export function send(port: number, method: string, path: string, how: SendOptions = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: false,
      headers: { host: `127.0.0.1:${port}`, ...how.headers },
      ...(how.signal && { signal: how.signal }),
    });
    request.once('error', reject);
    request.once('response', response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.end(how.body);
  });
}
