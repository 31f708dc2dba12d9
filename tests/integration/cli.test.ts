import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  BuildDocument,
  bodyOf,
  CheckDocument,
  ErrorDocument,
  PackDocument,
  RunDocument,
  TemplatesDocument,
} from '../support/documents.ts';
import { root, serve, temporaryFolder, xwb, xwbJson } from '../support/workbench.ts';
import { callEverything, guestOf, SET_EMPTY_BODY, setStatus, witOf } from './guest.testing.ts';

test('new lists the four templates and refuses what it cannot do', async () => {
  await using folder = await temporaryFolder();
  const { json } = await xwbJson(TemplatesDocument, folder.path, 'new', '--list');
  expect(json.templates.map(({ id }) => id).sort()).toEqual(['handler', 'react-ui-kit', 'ui', 'ui-handler']);
  for (const template of json.templates) expect(template.description).not.toBe('');

  const unknown = await xwbJson(ErrorDocument, folder.path, 'new', 'nope', path.join(folder.path, 'a'));
  expect([unknown.status, unknown.json.error.code]).toEqual([1, 'project.unknown-template']);
  expect((await xwb(folder.path, 'new', 'ui')).status).toBe(2);
  expect((await xwb(folder.path, 'frobnicate')).status).toBe(2);
  expect((await xwb(folder.path, 'runner', '--bundle-store', 'ftp://store')).status).toBe(2);
  const usage = await xwbJson(ErrorDocument, folder.path, 'build');
  expect([usage.status, usage.json.error.code]).toEqual([2, 'cli.usage']);
  expect((await xwb(folder.path, 'run', 'x', '--path', '/', '--timeout-ms', 'soon')).status).toBe(2);
});

test('a template goes from nothing to an answer: new, check, build, run, pack, run the bundle and the component', async () => {
  await using folder = await temporaryFolder();
  const data = path.join(folder.path, 'data');
  const project = path.join(folder.path, 'my extension');
  expect((await xwb(data, 'new', 'ui-handler', project)).status).toBe(0);

  const check = await xwbJson(CheckDocument, data, 'check', project);
  expect(check.json).toMatchObject({ ok: true });

  const build = await xwbJson(BuildDocument, data, 'build', project);
  expect(build.json.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect([build.status, build.json.ok]).toEqual([0, true]);
  expect(build.json.stages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['check', 'handler', 'component', 'ui', 'pack', 'install']),
  );
  expect(build.json.component?.bytes).toBeGreaterThan(1_000_000);
  expect(build.json.bundle?.contentHash).toMatch(/^sha256:[0-9a-f]{64}$/);

  const again = await xwbJson(BuildDocument, data, 'build', project);
  expect(again.json.bundle?.contentHash).toBe(build.json.bundle?.contentHash);
  expect(again.json.stages.find(({ name }) => name === 'component')?.cached).toBe(true);

  const greeting = await xwbJson(RunDocument, data, 'run', project, '--path', '/api/greeting');
  expect(greeting.json).toMatchObject({ status: 200, error: null });
  expect(bodyOf(greeting.json)).toMatchObject({ message: expect.stringContaining('Demo Agent') as string });
  expect(greeting.json.logs).toContainEqual({
    level: 'info',
    message: expect.stringContaining('Demo Agent') as string,
  });
  expect(greeting.json.hostCalls).toContainEqual(
    expect.objectContaining({ interface: expect.stringMatching(/^user/) as string, outcome: 'ok' }),
  );

  const note = ['run', project, '--path', '/api/notes', '--method', 'POST', '--body', '{"text":"kept"}'];
  expect((await xwbJson(RunDocument, data, ...note)).json.status).toBeLessThan(300);
  const notes = await xwbJson(RunDocument, data, 'run', project, '--path', '/api/notes');
  expect(JSON.stringify(bodyOf(notes.json))).toContain('kept');

  const undeclared = await xwbJson(RunDocument, data, 'run', project, '--path', '/api/nowhere');
  expect([undeclared.status, undeclared.json.status, undeclared.json.error]).toEqual([
    1,
    404,
    'endpoint_not_found',
  ]);

  const bundle = path.join(folder.path, 'out.tar.zst');
  const pack = await xwbJson(PackDocument, data, 'pack', project, '-o', bundle);
  expect(pack.json).toMatchObject({ path: bundle, contentHash: build.json.bundle?.contentHash });

  const fromBundle = await xwbJson(RunDocument, data, 'run', bundle, '--path', '/api/greeting');
  expect(bodyOf(fromBundle.json)).toMatchObject({ message: expect.stringContaining('Demo Agent') as string });

  const component = path.join(project, 'dist', 'main.wasm');
  const bare = await xwbJson(RunDocument, data, 'run', component, '--path', '/api/greeting?x=1');
  expect(bare.json.status).toBe(200);
  const denied = await xwbJson(RunDocument, data, 'run', component, '--path', '/api/notes');
  expect(denied.json.hostCalls).toContainEqual(
    expect.objectContaining({ interface: 'storage', outcome: 'denied' }),
  );
});

test('run says what became of an answer, and why a host call was refused', async () => {
  await using folder = await temporaryFolder();
  const wit = await witOf('1-common');
  const component = async (name: string, body: string): Promise<string> => {
    const file = path.join(folder.path, `${name}.wasm`);
    await writeFile(file, await guestOf(wit, () => body));
    return file;
  };
  const run = (file: string, ...flags: string[]): ReturnType<typeof xwbJson<RunDocument>> =>
    xwbJson(RunDocument, folder.path, 'run', file, '--path', '/', ...flags);

  // What the platform can pass on is an answer, whatever its status; what it cannot is a no.
  for (const [name, body, expected] of [
    ['fine', '', [0, 200, []]],
    ['refusing', setStatus('i32.const 503'), [0, 503, []]],
    ['no status', setStatus('i32.const 99'), [1, 99, ['response.unusable']]],
    ['body', `${setStatus('i32.const 204')}\n${SET_EMPTY_BODY}`, [1, 204, ['response.unusable']]],
  ] as const) {
    const { status, json } = await run(await component(name, body));
    expect([status, json.status, json.diagnostics.map(({ code }) => code)], name).toEqual(expected);
    expect(json.error).toBeNull();
    expect(json.requestId).toMatch(/^[0-9a-f-]{36}$/);
  }
  const named = await run(await component('named', ''), '--header', 'X-Request-Id=call-1');
  expect(named.json.requestId).toBe('call-1');

  const everything = path.join(folder.path, 'everything.wasm');
  await writeFile(everything, await callEverything(wit));
  const outcomes = ({ json }: { json: RunDocument }): string[] =>
    json.hostCalls.filter(call => call.interface === 'storage').map(({ outcome }) => outcome);
  const without = await run(everything);
  expect(new Set(outcomes(without))).toEqual(new Set(['denied']));
  expect(without.json.diagnostics).toContainEqual({
    code: 'host.note',
    severity: 'info',
    message: expect.stringContaining('cap:storage.kv is not granted') as string,
  });
  const granted = await run(everything, '--capability', 'cap:storage.kv');
  expect(outcomes(granted)).not.toContain('denied');

  const unknown = await xwbJson(
    ErrorDocument,
    folder.path,
    'run',
    everything,
    '--path',
    '/',
    '--capability',
    'storage',
  );
  expect([unknown.status, unknown.json.error.code]).toEqual([2, 'run.unknown-capability']);
  expect(unknown.json.error.message).toContain('cap:storage.kv');

  const small = await run(await component('large', ''), '--memory-mb', '1');
  expect([small.status, small.json.error]).toEqual([
    1,
    expect.stringContaining('begins with 4 MiB, the least limit it can run with') as string,
  ]);
  for (const flags of [
    ['--timeout-ms', '0'],
    ['--timeout-ms', '86400001'],
    ['--memory-mb', '4097'],
    ['--memory-mb', '2000'],
    ['--method', 'G ET'],
    ['--query', 'x'],
    ['--frob'],
  ]) {
    expect((await xwb(folder.path, 'run', everything, '--path', '/', ...flags)).status, flags.join(' ')).toBe(
      2,
    );
  }
});

test('what a handler throws is told at its place; the release keeps silent, as in production', async () => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'throwing');
  await xwb(folder.path, 'new', 'handler', project);
  const lines = [
    'export function handler(request: { http: { url: string } }) {',
    "  console.log('asked for', request.http.url);",
    "  throw new TypeError('nobody is home');",
    '}',
  ];
  await writeFile(path.join(project, 'src', 'handler.ts'), `${lines.join('\n')}\n`);
  const call = ['run', project, '--path', '/api/status'];
  const developed = await xwbJson(RunDocument, folder.path, ...call);
  expect(developed.status).toBe(1);
  expect(developed.json.error).toContain('nobody is home (src/handler.ts:3:9)');
  expect(developed.json.logs[0]).toEqual({ level: 'stdout', message: 'asked for /api/status' });
  const released = await xwbJson(RunDocument, folder.path, ...call, '--release');
  expect(released.json).toMatchObject({ status: 500, logs: [] });
  expect(released.json.error).toMatch(/^execute_failed: guest\.trap/);
});

test('the same sources in two folders pack to the same bytes', async () => {
  await using folder = await temporaryFolder();
  const data = path.join(folder.path, 'data');
  const first = path.join(folder.path, 'one', 'extension');
  const second = path.join(folder.path, 'two', 'extension');
  await xwb(data, 'new', 'ui-handler', first);
  await cp(first, second, { recursive: true });
  const hashes = [];
  for (const project of [first, second]) {
    const { json } = await xwbJson(PackDocument, data, 'pack', project, '-o', `${project}.tar.zst`);
    hashes.push(json.contentHash);
  }
  expect(hashes[0]).toBe(hashes[1]);
});

test('a syntax error says file, line and column and keeps the exit status of a no', async () => {
  await using folder = await temporaryFolder();
  const project = path.join(folder.path, 'broken');
  await xwb(folder.path, 'new', 'handler', project);
  const handler = path.join(project, 'src', 'handler.ts');
  await writeFile(handler, `${await readFile(handler, 'utf8')}\nconst = 1;\n`);
  const build = await xwbJson(BuildDocument, folder.path, 'build', project);
  expect([build.status, build.json.ok]).toEqual([1, false]);
  const line = (await readFile(handler, 'utf8')).split('\n').indexOf('const = 1;') + 1;
  expect(build.json.problems).toContainEqual(
    expect.objectContaining({ severity: 'error', file: 'src/handler.ts', line, column: 7 }),
  );
});

test('serve answers through the gateway and the preview page until a signal', async () => {
  await using folder = await temporaryFolder();
  const data = path.join(folder.path, 'data');
  const project = path.join(folder.path, 'served');
  await xwb(data, 'new', 'handler', project);
  const { json: built } = await xwbJson(BuildDocument, data, 'build', project);
  await using running = await serve(data, project);
  const { served } = running;
  const extension = served.extensions[0];
  expect(served.extensions).toHaveLength(1);
  expect(served.url).toMatch(/^http:\/\/localhost:\d+$/);
  const manifest = JSON.parse(await readFile(path.join(project, 'manifest.json'), 'utf8')) as {
    api: { endpoints: { method: string; path: string }[] };
  };
  const get = manifest.api.endpoints.find(
    ({ method, path: route }) => method === 'GET' && !route.includes(':'),
  );
  const answer = await fetch(`${served.url}/api/ext-proxy/${extension?.registryId}${get?.path}`, {
    headers: { 'x-api-key': served.apiKey },
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toBeTypeOf('object');
  expect((await fetch(extension?.previewUrl ?? '')).status).toBe(200);
  expect((await fetch(`${served.url}/api/ext-proxy/${extension?.registryId}/undeclared`)).status).toBe(404);

  // The same handler over the runner's own port, and both runs in the debug stream.
  expect(served.runnerUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const ids = { tenant_id: served.tenant, extension_id: extension?.registryId, request_id: 'by runner' };
  const run = await fetch(`${served.runnerUrl}/v1/execute`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-alga-tenant': served.tenant,
      'x-alga-extension': extension?.registryId ?? '',
    },
    body: JSON.stringify({
      context: { ...ids, content_hash: built.bundle?.contentHash },
      http: { method: 'GET', path: get?.path },
      limits: { timeout_ms: 10_000 },
    }),
  });
  expect(await run.json()).toMatchObject({ status: 200, error: null });
  const polled = await fetch(`${served.url}/api/ext-debug/stream?extensionId=${extension?.registryId}`, {
    method: 'POST',
    body: '{}',
  });
  const { events } = (await polled.json()) as { events: { requestId: string; stream: string }[] };
  expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(2);
  expect(events).toContainEqual(expect.objectContaining({ requestId: 'by runner', stream: 'log' }));
});

test('the built command line is the one in the repository', async () => {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  await using folder = await temporaryFolder();
  expect((await xwb(folder.path, '--version')).stdout.trim()).toBe(version);
});
