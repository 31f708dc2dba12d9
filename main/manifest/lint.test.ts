import { describe, expect, it } from 'vitest';
import { lintManifest, parseManifest } from './index.ts';

const GOOD = {
  name: 'notes',
  publisher: 'Acme',
  version: '1.2.3',
  runtime: 'wasm-js@1',
  api: { endpoints: [{ method: 'GET', path: '/items', handler: 'h' }] },
};
const UI = {
  type: 'iframe',
  entry: 'ui/index.html',
  hooks: { appMenu: { label: 'Notes' }, clientPortalMenu: { label: 'Notes' } },
};

function lint(text: string) {
  const { manifest, problems } = parseManifest(text);
  expect(problems).toEqual([]);
  if (manifest === undefined) throw new Error('the manifest of this test must be valid');
  return lintManifest(text, manifest);
}

function lintOf(manifest: unknown) {
  return lint(JSON.stringify(manifest, undefined, 2));
}

function endpoints(...rows: [method: string, path: string][]) {
  return { ...GOOD, api: { endpoints: rows.map(([method, path]) => ({ method, path, handler: 'h' })) } };
}

describe('lintManifest', () => {
  it('says nothing about a good manifest', () => {
    expect(lintOf({ ...GOOD, ui: UI, capabilities: ['cap:storage.kv', ' CAP:Http.Fetch '] })).toEqual([]);
  });

  it.each<[id: string, manifest: unknown, line: number]>([
    ['missing-publisher', { ...GOOD, publisher: undefined }, 1],
    ['wildcard-version', { ...GOOD, version: '1.2.*' }, 4],
    ['unusual-runtime', { ...GOOD, runtime: 'native-x@2' }, 5],
    ['unknown-capability', { ...GOOD, capabilities: ['cap:log.emit', 'http.fetch'] }, 17],
    ['duplicate-capability', { ...GOOD, capabilities: ['cap:log.emit', 'CAP:LOG.EMIT'] }, 17],
    ['entry-ignored', { ...GOOD, ui: { ...UI, entry: 'ui/dist/index.html' } }, 17],
    ['no-menu', { ...endpoints(), ui: { type: 'iframe', entry: 'ui/index.html' } }, 9],
    ['empty', { ...GOOD, api: undefined }, 1],
    ['dead-method', endpoints(['HEAD', '/a']), 9],
    ['dead-method', endpoints(['GET', '/a'], ['options', '/a']), 14],
    ['endpoint-pattern', endpoints(['GET', '/a/*']), 10],
    ['endpoint-pattern', endpoints(['GET', '/a/{id}']), 10],
    ['endpoint-pattern', endpoints(['GET', '/a?b=1']), 10],
    ['duplicate-endpoint', endpoints(['GET', '/a/:id'], ['GET', 'a/:name/']), 13],
    [
      'dropped-field',
      { ...GOOD, api: { endpoints: [{ method: 'GET', path: '/', handler: 'h', schedulable: true }] } },
      12,
    ],
    ['dead-field', { ...GOOD, assets: ['ui/**'] }, 15],
    ['dead-field', { ...GOOD, precompiled: { a: 'b' } }, 15],
    ['dead-field', { ...GOOD, ui: { routes: [], ...UI } }, 16],
    ['dead-field', { ...GOOD, ui: { ...UI, hooks: { tab: 1, ...UI.hooks } } }, 19],
  ])('warns: %s', (id, manifest, line) => {
    const problems = lintOf(manifest).filter(problem => problem.severity !== 'info');
    expect(problems).toMatchObject([
      { code: `manifest.${id}`, severity: 'warning', file: 'manifest.json', line },
    ]);
    expect(problems[0]?.help).toBeTruthy();
  });

  it('notes what client users miss only where they could reach an endpoint', () => {
    const staffOnly = { ...UI, hooks: { appMenu: UI.hooks.appMenu } };
    const note = { code: 'manifest.no-client-portal', severity: 'info' };
    expect(lintOf({ ...GOOD, ui: staffOnly })).toMatchObject([note]);
    expect(lintOf(GOOD)).toEqual([]);
  });

  it('notes that the official command line cannot pack a UI on its own', () => {
    expect(lintOf({ ...endpoints(), ui: UI })).toMatchObject([
      { code: 'manifest.ui-only', severity: 'info', line: 5 },
    ]);
  });

  it('finds names given twice, at the second one', () => {
    const text =
      '{"name":"n","publisher":"p","runtime":"wasm-js@1",\n"version":"1.0.0",\n"version":"1.0.1","api":{"endpoints":[{"method":"GET","path":"/","handler":"h"}]}}';
    expect(lint(text)).toMatchObject([
      { code: 'manifest.duplicate-key', severity: 'warning', line: 3, column: 1 },
    ]);
  });

  it.each<[declared: string, help: RegExp, fixed: string | undefined]>([
    ['http.fetch', /"cap:http\.fetch"/, 'Write "cap:http.fetch"'],
    ['storage.kv', /"cap:storage\.kv"/, 'Write "cap:storage.kv"'],
    ['cap:storage', /"cap:storage\.kv"/, undefined],
    ['cap:secret.get', /"cap:secrets\.get"/, undefined],
    ['cap:clients.read', /"cap:client\.read"/, undefined],
    ['log', /"cap:log\.emit"/, undefined],
    ['events.subscribe', /Remove it/, undefined],
    ['metrics', /Remove it/, undefined],
  ])('guesses what %s should be', (declared, help, title) => {
    const [problem] = lintOf({ ...GOOD, capabilities: [declared] });
    expect(problem).toMatchObject({
      code: 'manifest.unknown-capability',
      help: expect.stringMatching(help) as unknown,
    });
    expect(problem?.fix?.title).toBe(title);
    if (title !== undefined) expect(problem?.fix?.id).toBe(`manifest.unknown-capability:${declared}`);
  });
});
