import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAPABILITIES, type Capability, type Execution } from '../../contract/index.ts';
import { ALLOW_ALL, createCapabilities, type Capabilities } from '../../main/capabilities/index.ts';
import { createRunner, type Runner } from '../../main/runner/index.ts';
import { openStore, type Store } from '../../main/store/index.ts';
import { root } from '../support/workbench.ts';
import { callEverything, componentize, witOf } from './guest.testing.ts';

const COMMON = ['context', 'secrets', 'http', 'storage', 'logging', 'ui-proxy'];
/** The published copies of spec 3.7, and what each imports beyond the common six. */
const WORLDS: [string, string[]][] = [
  ['1-common', []],
  ['2-user', ['user']],
  ['3-user-v2', ['user', 'user-v2']],
  ['4-invoicing', ['user', 'scheduler', 'invoicing']],
  ['5-scheduling', ['user-v2', 'scheduler', 'invoicing']],
  ['6-directory', ['user-v2', 'clients', 'services']],
  ['2026-08', ['user', 'user-v2', 'scheduler', 'invoicing', 'clients', 'services']],
];
const USER = {
  userId: 'u',
  email: 'u@x.example',
  name: 'U',
  userType: 'internal' as const,
  additionalFields: {},
  permissions: [],
};

let folder: string;
let store: Store;
let capabilities: Capabilities;
let runner: Runner;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xwb-worlds-'));
  store = openStore(':memory:');
  capabilities = createCapabilities({ store });
  const addonPath = path.join(root, 'native', 'binding', 'xwb-native.node');
  runner = createRunner({ addonPath, cacheDir: path.join(folder, 'compiled') });
});
afterAll(async () => {
  await runner.close();
  await capabilities.close();
  store.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function made(name: string, wit: string): Promise<string> {
  const file = path.join(folder, `${name}.wasm`);
  await writeFile(file, await callEverything(wit));
  return file;
}

function run(
  componentPath: string,
  granted: readonly Capability[] = CAPABILITIES,
  headers: readonly { name: string; value: string }[] = [],
  allowWasiHttp = true,
): Promise<Execution> {
  const ids = { requestId: 'r', tenantId: 't', extensionId: 'e', installId: 'i' };
  return runner.execute({
    componentPath,
    request: { context: ids, http: { method: 'GET', url: '/', headers } },
    limits: { timeoutMs: 20_000 },
    allowWasiHttp,
    host: capabilities.hostFunctions({
      ...ids,
      capabilities: granted,
      secrets: () => ({ key: 'value' }),
      user: USER,
      tenant: { tenantId: 't', clientName: 'Acme' },
      egress: ALLOW_ALL,
    }),
  });
}

function interfacesOf({ hostCalls }: Execution): string[] {
  return [...new Set(hostCalls.map(call => call.interface))].sort();
}

test('every world has a folder and a test', async () => {
  const folders = await readdir(path.join(root, 'wit', 'alga-extension'));
  expect(folders.sort()).toEqual(WORLDS.map(([name]) => name).sort());
});

describe('components of every published world run side by side (spec 3.7)', () => {
  test.each(WORLDS)('%s: every function it imports is answered', async (name, extra) => {
    const component = await made(name, await witOf(name));
    const { response, fault, hostCalls } = await run(component);
    expect(fault).toBeUndefined();
    expect(response?.status).toBe(200);
    const asked = [...new Set(hostCalls.map(call => call.interface))];
    // Logging is the runner's own and no host call.
    const own = [...COMMON, ...extra].filter(each => each !== 'logging');
    expect(asked.sort()).toEqual(own.sort());
    expect(hostCalls.filter(({ outcome }) => outcome === 'fault')).toEqual([]);
  });

  test('and without a grant each answers as spec 3.4 says', async () => {
    const execution = await run(await made('without grants', await witOf('2026-08')), []);
    expect(execution.response?.status).toBe(200);
    const outcomes = new Map(
      execution.hostCalls.map(call => [`${call.interface}.${call.function}`, call.outcome]),
    );
    expect(Object.fromEntries(outcomes)).toMatchObject({
      'secrets.get': 'denied',
      'http.fetch': 'not-allowed',
      'storage.get': 'denied',
      'storage.list-entries': 'denied',
      'ui-proxy.call-route': 'denied',
      'user.get-user': 'not-allowed',
      'user-v2.get-user': 'not-allowed',
      'scheduler.list-schedules': 'denied',
      'clients.list-clients': 'not-allowed',
      'services.get-service': 'not-allowed',
    });
  });
});

describe('imports', () => {
  const world = (imports: string, types = ''): string => `
package alga:extension;
interface types {
  record context-data { request-id: option<string>, tenant-id: string, extension-id: string, install-id: option<string>, version-id: option<string> }
  record http-header { name: string, value: string }
  record http-request { method: string, url: string, headers: list<http-header>, body: option<list<u8>> }
  record execute-request { context: context-data, http: http-request }
  record execute-response { status: u16, headers: list<http-header>, body: option<list<u8>> }
}
${types}
world runner {
  use types.{execute-request, execute-response};
  ${imports}
  export handler: func(request: execute-request) -> execute-response;
}`;

  test.each([
    ['none', '', '', []],
    ['one', 'import logging;', 'interface logging { log-info: func(message: string); }', []],
    ['another', 'import secrets;', 'interface secrets { list-keys: func() -> list<string>; }', ['secrets']],
  ])('a component that needs %s runs', async (name, imports, types, asked) => {
    const execution = await run(await made(`subset ${name}`, world(imports, types)));
    expect([execution.response?.status, execution.fault]).toEqual([200, undefined]);
    expect(interfacesOf(execution)).toEqual(asked);
  });

  test.each([
    [
      'an interface',
      'import storages;',
      'interface storages { list-keys: func() -> list<string>; }',
      'storages',
      'storage',
    ],
    [
      'a function',
      'import secrets;',
      'interface secrets { list-key: func() -> list<string>; }',
      'list-key',
      'list-keys',
    ],
  ])(
    '%s that nobody knows is refused before anything runs, with the nearest',
    async (name, imports, types, unknown, nearest) => {
      const component = await made(`unknown ${name}`, world(imports, types));
      const refused = await runner.warm(component).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refused).toMatchObject({ code: 'component.unknown_import' });
      const told = JSON.stringify([String(refused), refused]);
      expect(told).toContain(unknown);
      expect(told).toMatch(new RegExp(`${nearest}(?![\\w-])`));
    },
  );
});

test('a JavaScript component of an older world, built with nothing switched off: WASI, wasi:http and both streams', async () => {
  const source = `
import { getUser } from 'alga:extension/user';
export async function handler({ http }) {
  console.log('to stdout');
  console.error('to stderr');
  const target = http.headers.find(({ name }) => name === 'target').value;
  const response = await fetch(target, { method: 'POST', body: 'ping' });
  const body = JSON.stringify({ said: await response.text(), user: getUser().userName, now: Date.now(), random: Math.random() });
  return { status: response.status, headers: [], body: new TextEncoder().encode(body) };
}`;
  const component = path.join(folder, 'javascript.wasm');
  await componentize(await witOf('2-user'), source, component);
  const builtAt = Date.now();
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(201).end(`pong to ${request.method ?? ''}`));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const value = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const executions = [
      await run(component, CAPABILITIES, [{ name: 'target', value }]),
      await run(component, CAPABILITIES, [{ name: 'target', value }]),
    ];
    const answers = executions.map(({ response, fault }) => {
      expect(fault).toBeUndefined();
      expect(response?.status).toBe(201);
      return JSON.parse(Buffer.from(response?.body ?? []).toString('utf8')) as Record<string, unknown>;
    });
    for (const answer of answers) expect(answer).toMatchObject({ said: 'pong to POST', user: 'U' });
    // Neither frozen nor the same for every call, as they are with features switched off (spec 3.6).
    expect(answers[0]?.['now']).toBeGreaterThanOrEqual(builtAt);
    expect(answers[0]?.['random']).not.toBe(answers[1]?.['random']);
    expect(executions[0]?.hostCalls).toContainEqual(
      expect.objectContaining({ interface: 'wasi:http/outgoing-handler', function: 'handle', outcome: 'ok' }),
    );
    const lines = executions[0]?.logs.map(({ level, message }) => `${level}: ${message}`);
    expect(lines).toEqual(expect.arrayContaining(['stdout: to stdout', 'stderr: to stderr']));
    const refused = await run(component, CAPABILITIES, [{ name: 'target', value }], false);
    expect(refused.fault).toBeDefined();
    expect(refused.hostCalls.map(({ outcome }) => outcome)).toContain('http-request-denied');
  } finally {
    server.closeAllConnections();
    server.close();
  }
}, 300_000);
