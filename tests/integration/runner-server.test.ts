import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { resourcesAt } from '../../main/services/index.ts';
import { openRunnerService } from '../../main/services/runner-server.ts';
import { PackDocument } from '../support/documents.ts';
import { root, temporaryFolder, xwb, xwbJson } from '../support/workbench.ts';

const TENANT = '0f0e0d0c-1111-4222-8333-444455556666';
const EXTENSION = 'aabbccdd-1111-4222-8333-444455556666';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body_b64: string | null;
  readonly error: string | null;
}

/** A bundle of the `handler` template in a store of the platform's layout. */
async function storeWithTemplate(
  folder: string,
): Promise<{ store: string; file: string; contentHash: string }> {
  const data = path.join(folder, 'build data');
  const project = path.join(folder, 'counter');
  expect((await xwb(data, 'new', 'handler', project)).status).toBe(0);
  const packed = path.join(folder, 'packed.tar.zst');
  const { json } = await xwbJson(PackDocument, data, 'pack', project, '-o', packed);
  const store = path.join(folder, 'store');
  const hex = json.contentHash.replace('sha256:', '');
  const place = path.join(store, 'tenants', TENANT, 'extensions', EXTENSION, 'sha256', hex);
  await mkdir(place, { recursive: true });
  const file = path.join(place, 'bundle.tar.zst');
  await copyFile(packed, file);
  return { store, file, contentHash: json.contentHash };
}

async function post(url: string, document: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${url}/v1/execute`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-alga-tenant': TENANT,
      'x-alga-extension': EXTENSION,
      ...headers,
    },
    body: JSON.stringify(document),
  });
  expect([response.status, response.headers.get('cache-control')]).toEqual([
    200,
    'public, max-age=31536000, immutable',
  ]);
  return (await response.json()) as Answer;
}

function bodyOf(answer: Answer): unknown {
  return JSON.parse(Buffer.from(answer.body_b64 ?? '', 'base64').toString('utf8'));
}

test('the runner alone runs the handler template from a folder and from an address', async () => {
  await using folder = await temporaryFolder();
  const { store, file, contentHash } = await storeWithTemplate(folder.path);
  const context = {
    tenant_id: TENANT,
    extension_id: EXTENSION,
    install_id: '11111111-2222-4333-8444-555566667777',
    request_id: 'r-1',
    content_hash: contentHash,
  };
  const limits = { timeout_ms: 10_000 };
  const increment = {
    context,
    limits,
    http: { method: 'POST', path: '/api/counters/calls', body_b64: '' },
    providers: ['cap:storage.kv'],
  };
  const read = { ...increment, http: { method: 'GET', path: '/api/counters/calls' } };
  const events: object[] = [];
  const options = {
    dataDir: path.join(folder.path, 'data'),
    resources: resourcesAt(root),
    port: 0,
    env: {},
    onDebug: (event: object) => events.push(event),
  };

  const fromFolder = await openRunnerService({ ...options, bundleStore: store });
  try {
    const status = await post(fromFolder.url, {
      context,
      limits,
      http: { method: 'GET', path: '/api/status' },
    });
    expect(status).toMatchObject({ status: 200, error: null });
    expect(bodyOf(status)).toBeTypeOf('object');

    const key = { 'x-idempotency-key': 'once' };
    const first = await post(fromFolder.url, increment, key);
    expect(bodyOf(first)).toEqual({ name: 'calls', value: 1 });
    expect(await post(fromFolder.url, increment, key)).toEqual(first);
    expect(bodyOf(await post(fromFolder.url, read))).toEqual({ name: 'calls', value: 1 });
    expect(events).toContainEqual(
      expect.objectContaining({ request_id: 'r-1', stream: 'log', message: 'Counter calls is at 1' }),
    );

    // Denied without the capability, which the template answers itself; unknown names end the call.
    expect((await post(fromFolder.url, { ...increment, providers: [] })).status).toBeGreaterThanOrEqual(400);
    expect((await post(fromFolder.url, { ...read, providers: ['storage.kv'] })).error).toBe(
      'unknown_capabilities: storage.kv',
    );
    expect(
      (await post(fromFolder.url, { ...read, limits: { timeout_ms: 1000, memory_mb: 1 } })).error,
    ).toMatch(/^execute_failed: /);
  } finally {
    await fromFolder.close();
  }

  const web = createServer((request, response) => {
    readFile(path.join(store, decodeURIComponent(request.url ?? '').replace('/bucket/', ''))).then(
      bytes => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(web.address() as AddressInfo).port}/bucket/`;
  const fromAddress = await openRunnerService({ ...options, env: { BUNDLE_STORE_BASE: base } });
  try {
    // What was stored is still there: the data folder outlives the process.
    expect(bodyOf(await post(fromAddress.url, read))).toEqual({ name: 'calls', value: 1 });
    expect(await (await fetch(`${fromAddress.url}/healthz`)).json()).toEqual({
      cache_writable: true,
      bundle_store: 'ok',
      ext_cache_max_bytes: null,
    });
  } finally {
    await fromAddress.close();
    web.closeAllConnections();
    web.close();
  }

  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(file, bytes);
  const damaged = await openRunnerService({ ...options, bundleStore: pathToFileURL(store).href });
  try {
    expect((await post(damaged.url, read)).error).toMatch(/^bundle_fetch_failed: bundle\.hash-mismatch/);
  } finally {
    await damaged.close();
  }
});
