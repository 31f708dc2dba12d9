import { describe, expect, it } from 'vitest';
import { parseManifest } from './index.ts';

const GOOD = { name: 'notes', publisher: 'Acme', version: '1.2.3', runtime: 'wasm-js@1' };
const UI = { type: 'iframe', entry: 'ui/index.html' };
const ROW = { method: 'GET', path: '/items', handler: 'handler' };

function codesOf(manifest: unknown): string[] {
  return parseManifest(JSON.stringify(manifest)).problems.map(problem => problem.code);
}

function withRow(row: unknown): unknown {
  return { ...GOOD, api: { endpoints: [row] } };
}

describe('each row of spec 2.2 and 2.6', () => {
  it.each<[what: string, manifest: unknown, codes: string[]]>([
    ['the least that passes', { name: 'n', version: '0.0.1', runtime: 'a-b' }, []],
    ['not an object: array', [], ['manifest.not-object']],
    ['not an object: null', null, ['manifest.not-object']],
    ['not an object: string', 'x', ['manifest.not-object']],
    ['empty object', {}, ['manifest.name', 'manifest.version', 'manifest.runtime']],

    ['name blank', { ...GOOD, name: '  ' }, ['manifest.name']],
    ['name number', { ...GOOD, name: 5 }, ['manifest.name']],
    ['name in any spelling', { ...GOOD, name: 'My Extension!' }, []],

    ['publisher left out', { ...GOOD, publisher: undefined }, []],
    ['publisher empty', { ...GOOD, publisher: '' }, ['manifest.publisher']],
    ['publisher null', { ...GOOD, publisher: null }, ['manifest.publisher']],

    ['version pre-release', { ...GOOD, version: '1.2.3-beta.1' }, []],
    ['version build', { ...GOOD, version: '1.2.3+5a-b.c' }, []],
    ['version pre-release and build', { ...GOOD, version: '1.2.3-rc.1+7' }, []],
    ['version wildcard', { ...GOOD, version: '1.2.*' }, []],
    ['version leading zeros', { ...GOOD, version: '01.02.03' }, []],
    ['version two numbers', { ...GOOD, version: '1.2' }, ['manifest.version']],
    ['version wide wildcard', { ...GOOD, version: '1.*' }, ['manifest.version']],
    ['version wildcard with pre-release', { ...GOOD, version: '1.2.*-x' }, ['manifest.version']],
    ['version with v', { ...GOOD, version: 'v1.2.3' }, ['manifest.version']],
    ['version empty pre-release', { ...GOOD, version: '1.2.3-' }, ['manifest.version']],
    ['version with a line end', { ...GOOD, version: '1.2.3\n' }, ['manifest.version']],

    ['runtime with @', { ...GOOD, runtime: 'x@y' }, []],
    ['runtime with -', { ...GOOD, runtime: 'x-y' }, []],
    ['runtime plain', { ...GOOD, runtime: 'wasm' }, ['manifest.runtime']],

    ['capabilities unknown names', { ...GOOD, capabilities: ['no.such'] }, []],
    ['capabilities empty', { ...GOOD, capabilities: [] }, []],
    ['capabilities not a list', { ...GOOD, capabilities: 'cap:log.emit' }, ['manifest.capabilities']],
    [
      'capabilities blank entry',
      { ...GOOD, capabilities: ['cap:log.emit', ' ', 3] },
      ['manifest.capabilities', 'manifest.capabilities'],
    ],

    ['ui', { ...GOOD, ui: UI }, []],
    ['ui not an object', { ...GOOD, ui: [] }, ['manifest.ui']],
    ['ui.type other', { ...GOOD, ui: { ...UI, type: 'panel' } }, ['manifest.ui-type']],
    ['ui.entry missing', { ...GOOD, ui: { type: 'iframe' } }, ['manifest.ui-entry']],
    ['ui.entry climbing', { ...GOOD, ui: { ...UI, entry: '../index.html' } }, ['manifest.ui-entry']],
    ['ui.hooks not an object', { ...GOOD, ui: { ...UI, hooks: 'x' } }, ['manifest.ui-hooks']],
    ['ui.hooks other', { ...GOOD, ui: { ...UI, hooks: { sideBar: 1 } } }, []],
    ['ui.hooks.appMenu', { ...GOOD, ui: { ...UI, hooks: { appMenu: { label: 'x' } } } }, []],
    [
      'ui.hooks.appMenu without label',
      { ...GOOD, ui: { ...UI, hooks: { appMenu: {} } } },
      ['manifest.ui-hooks'],
    ],
    ['ui.hooks.appMenu string', { ...GOOD, ui: { ...UI, hooks: { appMenu: 'x' } } }, ['manifest.ui-hooks']],
    [
      'ui.hooks.clientPortalMenu blank',
      { ...GOOD, ui: { ...UI, hooks: { clientPortalMenu: { label: ' ' } } } },
      ['manifest.ui-hooks'],
    ],
    ['ui.routes and other ui fields', { ...GOOD, ui: { ...UI, routes: 7, height: 3 } }, []],

    ['api without endpoints', { ...GOOD, api: {} }, ['manifest.endpoints']],
    ['api not an object', { ...GOOD, api: null }, ['manifest.api']],
    ['api.endpoints empty', { ...GOOD, api: { endpoints: [] } }, []],
    ['api.endpoints object', { ...GOOD, api: { endpoints: {} } }, ['manifest.endpoints']],
    ['endpoint', withRow(ROW), []],
    ['endpoint not an object', withRow('GET /'), ['manifest.endpoint']],
    ['endpoint method any case', withRow({ ...ROW, method: 'dElEtE' }), []],
    ['endpoint method OPTIONS', withRow({ ...ROW, method: 'OPTIONS' }), []],
    ['endpoint method HEAD', withRow({ ...ROW, method: 'HEAD' }), []],
    ['endpoint method other', withRow({ ...ROW, method: 'TRACE' }), ['manifest.endpoint-method']],
    ['endpoint method missing', withRow({ path: '/', handler: 'h' }), ['manifest.endpoint-method']],
    ['endpoint path without slash', withRow({ ...ROW, path: 'items' }), []],
    ['endpoint path with white space', withRow({ ...ROW, path: '/my items' }), ['manifest.endpoint-path']],
    ['endpoint path climbing', withRow({ ...ROW, path: '/a/../b' }), ['manifest.endpoint-path']],
    ['endpoint path empty', withRow({ ...ROW, path: '' }), ['manifest.endpoint-path']],
    ['endpoint handler climbing', withRow({ ...ROW, handler: '../h' }), ['manifest.endpoint-handler']],
    ['endpoint handler missing', withRow({ method: 'GET', path: '/' }), ['manifest.endpoint-handler']],
    ['endpoint extra keys', withRow({ ...ROW, schedulable: true }), []],
    ['endpoints twice', { ...GOOD, api: { endpoints: [ROW, ROW] } }, []],

    ['assets', { ...GOOD, assets: ['ui/**/*'] }, []],
    ['assets blank', { ...GOOD, assets: [''] }, ['manifest.assets']],
    ['assets not a list', { ...GOOD, assets: {} }, ['manifest.assets']],
    ['precompiled', { ...GOOD, precompiled: { 'x64-linux': 'a.cwasm' } }, []],
    ['precompiled empty value', { ...GOOD, precompiled: { a: '' } }, ['manifest.precompiled']],
    ['precompiled list', { ...GOOD, precompiled: [] }, ['manifest.precompiled']],

    ['sbom', { ...GOOD, sbom: 'sbom.spdx.json' }, ['manifest.unknown-field']],
    ['events', { ...GOOD, events: [] }, ['manifest.unknown-field']],
    ['entry', { ...GOOD, entry: 'dist/main.wasm' }, ['manifest.unknown-field']],
    [
      'displayName and description',
      { ...GOOD, displayName: 'x', description: 'y' },
      ['manifest.unknown-field', 'manifest.unknown-field'],
    ],
    ['$schema', { $schema: 'x', ...GOOD }, ['manifest.unknown-field']],
  ])('%s', (_what, manifest, codes) => {
    expect(codesOf(manifest)).toEqual(codes);
  });

  it('knows own fields only, not those every object inherits', () => {
    const text = '{"name":"n","version":"1.0.0","runtime":"a-b","__proto__":{"x":1},"toString":1}';
    expect(parseManifest(text).problems.map(problem => problem.message)).toEqual([
      expect.stringContaining('`__proto__`'),
      expect.stringContaining('`toString`'),
    ]);
  });
});

describe('normalising (spec 2.4)', () => {
  it('stores what the platform stores', () => {
    const { manifest, problems } = parseManifest(
      JSON.stringify({
        ...GOOD,
        capabilities: ['http.fetch', 'cap:log.emit'],
        assets: ['x'],
        ui: {
          type: 'iframe',
          entry: './ui//index.html',
          hooks: { appMenu: { label: '  Notes ' }, other: { label: 'x' } },
          routes: [],
        },
        api: {
          endpoints: [
            { method: 'get', path: './items//:id', handler: './dist//h', schedulable: true },
            { method: 'Post', path: '//items', handler: 'h' },
          ],
        },
      }),
    );
    expect(problems).toEqual([]);
    expect(manifest).toEqual({
      ...GOOD,
      capabilities: ['http.fetch', 'cap:log.emit'],
      ui: { type: 'iframe', entry: 'ui/index.html', hooks: { appMenu: 'Notes' } },
      endpoints: [
        { method: 'GET', path: '/items/:id', handler: 'dist/h' },
        { method: 'POST', path: '/items', handler: 'h' },
      ],
    });
  });
});

describe('places', () => {
  const text = [
    '{',
    '  "name": "notes",',
    '  "version": "1",',
    '  "runtime": "wasm-js@1",',
    '  "entry": "dist/main.wasm",',
    '  "api": { "endpoints": [{ "method": "GET", "path": "a b", "handler": "h" }] }',
    '}',
  ].join('\n');

  it('point at the value, or at the name of a refused field', () => {
    const places = parseManifest(text).problems.map(({ code, line, column }) => [code, line, column]);
    expect(places).toEqual([
      ['manifest.unknown-field', 5, 3],
      ['manifest.version', 3, 14],
      ['manifest.endpoint-path', 6, 53],
    ]);
  });

  it('carry file, help and a frame, and the one-click removal of a refused field', () => {
    const [problem] = parseManifest(text).problems;
    expect(problem).toMatchObject({
      severity: 'error',
      file: 'manifest.json',
      fix: { id: 'manifest.unknown-field:entry', title: 'Remove "entry"' },
    });
    expect(problem?.help).toMatch(/remove it/i);
    expect(problem?.frame).toContain('> 5 |   "entry": "dist/main.wasm",\n    |   ^');
  });

  it('of something missing are those of what should hold it', () => {
    const { problems } = parseManifest(
      '{\n  "name": "n", "version": "1.0.0", "runtime": "a-b",\n  "api": {}\n}',
    );
    expect(problems).toMatchObject([{ code: 'manifest.endpoints', line: 3, column: 10 }]);
  });

  it('of a repeated field are those of the last one, which is the one that counts', () => {
    const { problems } = parseManifest('{"name":"n",\n"version":"1.0.0",\n"version":"x",\n"runtime":"a-b"}');
    expect(problems).toMatchObject([{ code: 'manifest.version', line: 3, column: 11 }]);
  });
});

describe('syntax errors', () => {
  it.each<[string, string, number, number, RegExp]>([
    ['empty', '', 1, 1, /empty/],
    ['byte order mark', '\uFEFF{}', 1, 1, /byte order mark/],
    ['missing comma', '{\n  "name": "a"\n  "version": "1.0.0"\n}', 3, 3, /comma/],
    ['trailing comma', '{\n  "name": "a",\n}', 3, 1, /trailing comma/],
    ['comment', '{\n  // hi\n  "name": "a"\n}', 2, 3, /comment/],
    ['open string', '{"name": "a', 1, 10, /not closed/],
    ['missing brace', '{"name": "a"', 1, 13, /brace/],
    ['second value', '{} {}', 1, 4, /end/],
    ['word', '{"name": nope}', 1, 10, /not JSON/],
    ['control character', '{"name": "a\u0001b"}', 1, 10, /unescaped/],
  ])('%s', (_what, text, line, column, message) => {
    const { manifest, problems } = parseManifest(text);
    expect(manifest).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: 'manifest.syntax',
        severity: 'error',
        line,
        column,
        message: expect.stringMatching(message) as unknown,
      },
    ]);
  });

  it('bears a text nested beyond all measure', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const text = `{"name":"n","version":"1.0.0","runtime":"a-b","api":${deep}}`;
    expect(parseManifest(text).problems).toMatchObject([{ code: 'manifest.api' }]);
    expect(parseManifest(deep.slice(1)).problems).toMatchObject([{ code: 'manifest.syntax' }]);
  });

  it('never throws, whatever the text', () => {
    const seeds = ['{', '}', '[', ']', '"', ':', ',', '1', 'null', '\\', '\n', '{"api":', '"endpoints":['];
    let state = 7;
    for (let run = 0; run < 500; run += 1) {
      let text = '';
      for (let length = run % 12; length > 0; length -= 1) {
        state = (state * 1103515245 + 12345) % 2147483648;
        text += seeds[state % seeds.length] ?? '';
      }
      expect(parseManifest(text).problems.length, text).toBeGreaterThan(0);
    }
  });
});
