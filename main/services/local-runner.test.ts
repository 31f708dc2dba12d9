import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Posture } from '../../contract/index.ts';
import { FakeCapabilities } from '../capabilities/fake-capabilities.testing.ts';
import { DebugFeed, extensionHostLabel } from '../hosting/index.ts';
import { install, registry, useRegistry } from '../registry/test-kit.ts';
import { FakeRunner } from '../runner/fake-runner.testing.ts';
import type { RunnerServer } from '../runner-server/index.ts';
import { send, type Reply } from '../runner-server/test-kit.ts';
import { openLocalRunner } from './local-runner.ts';

useRegistry();

let runner: FakeRunner;
let server: RunnerServer;
let posture: Posture;
beforeEach(async () => {
  runner = new FakeRunner();
  posture = 'faithful';
  const core = { registry, runner, capabilities: new FakeCapabilities() };
  server = await openLocalRunner(core, { debug: new DebugFeed(), posture: () => posture });
});
afterEach(() => server.close());

async function execute(
  extension: string,
  contentHash: string,
  tenant = registry.tenant().tenantId,
): Promise<unknown> {
  const reply = await send(server.port, 'POST', '/v1/execute', {
    headers: { 'content-type': 'application/json', 'x-alga-tenant': tenant, 'x-alga-extension': extension },
    body: JSON.stringify({
      context: { tenant_id: tenant, extension_id: extension, content_hash: contentHash },
      http: { method: 'GET', path: '/' },
      limits: { timeout_ms: 1000 },
    }),
  });
  return JSON.parse(reply.text);
}

const get = (path: string, host?: string): Promise<Reply> =>
  send(server.port, 'GET', path, host === undefined ? {} : { headers: { host } });

test('runs what is installed, and earlier bundles of it, but nothing of another tenant or extension', async () => {
  const first = await install({});
  const second = await install({}, 'two');
  for (const { registryId, contentHash } of [second, first]) {
    expect(await execute(registryId, contentHash)).toMatchObject({ status: 200, error: null });
    const hex = contentHash.replace('sha256:', '');
    expect(runner.last).toHaveProperty('componentPath', expect.stringContaining(hex));
  }
  const refused = {
    status: 502,
    error: expect.stringMatching(/^bundle_fetch_failed: bundle\.unreadable/) as string,
  };
  expect(await execute(second.registryId, second.contentHash, 'another-tenant')).toMatchObject(refused);
  expect(await execute('another-extension', second.contentHash)).toMatchObject(refused);
  expect(await execute(second.registryId, `sha256:${'ab'.repeat(32)}`)).toMatchObject(refused);
});

test('is strict when the workbench is', async () => {
  const { registryId, contentHash } = await install({});
  expect(await execute(registryId, contentHash)).not.toHaveProperty('diagnostics');
  posture = 'strict';
  expect(await execute(registryId, contentHash)).toHaveProperty('diagnostics', []);
});

test('serves the page of what is installed, and only that', async () => {
  const first = await install({});
  const { tenantId } = registry.tenant();
  const page = (hash: string): string => `/ext-ui/${first.registryId}/${hash}/index.html?tenant=${tenantId}`;
  expect((await get(page(first.contentHash))).text).toBe('<p>hello</p>');
  const second = await install({}, 'two');
  expect((await get(page(first.contentHash))).status).toBe(404);
  expect((await get(page(second.contentHash))).status).toBe(200);
});

test('knows the host of each install', async () => {
  const { registryId, contentHash } = await install({});
  const { tenantId } = registry.tenant();
  const host = `${extensionHostLabel(tenantId, registryId)}.localhost:${server.port}`;
  const reply = await get('/', host);
  expect([reply.status, reply.headers.location]).toEqual([
    307,
    `/ext-ui/${registryId}/${contentHash}/index.html?tenant=${tenantId}&extensionId=${registryId}`,
  ]);
  expect((await get(reply.headers.location ?? '', host)).text).toBe('<p>hello</p>');
  expect((await get('/', '11111111-22222222.localhost')).status).toBe(404);
});
