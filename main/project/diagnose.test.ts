import { describe, expect, it } from 'vitest';
import { temporaryFolders } from './folders.testing.ts';
import { diagnoseProject, readProject } from './index.ts';

const folder = temporaryFolders();
const API = { endpoints: [{ method: 'GET', path: '/', handler: 'h' }] };
const MANIFEST = { name: 'notes', publisher: 'acme', version: '1.0.0', runtime: 'wasm-js@1' };
const UI = { type: 'iframe', entry: 'ui/index.html', hooks: { appMenu: { label: 'Notes' } } };
const HANDLER = 'export function handler(request) { return { status: 200, headers: [] }; }';

type Files = Record<string, unknown>;
const WITH_HANDLER: Files = { 'manifest.json': { ...MANIFEST, api: API }, 'src/handler.ts': HANDLER };
const WITH_UI: Files = { 'manifest.json': { ...MANIFEST, ui: UI }, 'ui/index.html': '<p>' };

async function diagnose(files: Files): Promise<string[]> {
  const problems = await diagnoseProject(await readProject(folder(files)));
  return problems.map(({ severity, code, file, line, column }) => {
    const place = line === undefined ? '' : `:${line}:${column ?? ''}`;
    return `${severity} ${code} ${file ?? ''}${place}`;
  });
}

const page = (html: string): Files => ({ ...WITH_UI, 'ui/index.html': html });
const script = (text: string): Files => ({
  ...page('<script src="./main.js"></script>'),
  'ui/main.js': text,
});
const packages = (dependencies: object): Files => ({ ...WITH_HANDLER, 'package.json': { dependencies } });
const handler = (text: string): Files => ({ ...WITH_HANDLER, 'src/handler.ts': text });

describe('diagnoseProject says nothing about', () => {
  it.each<[string, Files]>([
    ['a handler', WITH_HANDLER],
    ['a page', WITH_UI],
    [
      'both',
      {
        ...WITH_HANDLER,
        ...page('<img src="data:image/png;base64,x"><a href="https://example.org">'),
        'manifest.json': { ...MANIFEST, ui: UI, api: API },
      },
    ],
    [
      'an own build that makes everything',
      {
        'manifest.json': { ...MANIFEST, ui: UI, api: API },
        'package.json': { scripts: { build: 'node x' } },
      },
    ],
    ['a broken manifest, which is for the manifest room', { ...WITH_HANDLER, 'manifest.json': '{' }],
    [
      'a world that fits',
      { ...WITH_HANDLER, 'wit/ext.wit': 'package a:b;\ninterface logging { log-info: func(m: string); }' },
    ],
    [
      'dependencies that exist',
      packages({ '@alga-psa/extension-runtime': '^0.3.0', '@alga-psa/ui-kit': 'latest', react: '^18' }),
    ],
    [
      'a script by the name of its source',
      { ...page('<script type="module" src="./main.js?v=1"></script>'), 'ui/main.tsx': '' },
    ],
    ['scripts that are data', page('<script type="application/json">{"a":1}</script><script>  </script>')],
    [
      'a page for Vite',
      {
        ...WITH_UI,
        'index.html': '<script src="/src/main.tsx"></script>',
        'package.json': { devDependencies: { vite: '^8' } },
      },
    ],
    [
      'words in texts and comments',
      script(
        '// alert(1)\nconst a = "eval(1)"; this.alert(1); my.confirm(); obj = { alert() {} }; function prompt() {}',
      ),
    ],
    [
      'a bridge that knows its parent',
      script('new IframeBridge({ expectedParentOrigin: origin }); new IframeBridge(options);'),
    ],
    [
      'a listener that looks',
      script('addEventListener("message", event => { if (event.source !== parent) return; });'),
    ],
    ['messages with a target', script('parent.postMessage({ a: "*" }, origin);')],
    ['calls of the page itself', script('fetch("./data.json"); fetch(`/api/other`);')],
    [
      'what is served',
      {
        ...WITH_UI,
        'ui/a/b.WOFF2': '',
        'ui/LICENSE': '',
        'ui/c.css': 'a { background: url(./x.png), url("data:x"); }',
      },
    ],
    [
      'a handler with a default host',
      handler('export const handler = async (request, host = bindings()) => host.x;'),
    ],
    [
      'a handler that never uses host',
      handler('export async function handler(request, _host) { return other(request); }'),
    ],
    ['a wrapped handler', handler('export const handler = withHost(async (request, host) => host.x);')],
    ['minified code of others', script(`alert(1);${'x();'.repeat(600)}`)],
    ['alert in a handler', handler(`${HANDLER}\nalert(1);`)],
  ])('%s', async (_what, files) => {
    expect(await diagnose(files)).toEqual([]);
  });
});

describe('diagnoseProject finds', () => {
  it.each<[what: string, files: Files, found: string[]]>([
    ['no manifest', { 'package.json': {} }, ['error project.no-manifest manifest.json']],
    [
      'a handler nobody can call',
      { ...WITH_HANDLER, 'manifest.json': MANIFEST },
      ['error project.no-endpoints manifest.json:1:1'],
    ],
    [
      'the same with an empty list',
      { ...WITH_HANDLER, 'manifest.json': { ...MANIFEST, api: { endpoints: [] } } },
      ['error project.no-endpoints manifest.json:7:18'],
    ],
    [
      'the same beside a page',
      { ...WITH_UI, 'src/handler.ts': HANDLER },
      ['warning project.no-endpoints manifest.json:1:1'],
    ],
    [
      'endpoints without handler',
      { 'manifest.json': { ...MANIFEST, api: API } },
      ['error project.missing-handler manifest.json:7:5'],
    ],
    [
      'a page declared, but not there',
      { 'manifest.json': { ...MANIFEST, ui: UI } },
      ['error project.missing-ui manifest.json:6:3'],
    ],
    [
      'a page there, but not declared',
      { ...WITH_HANDLER, 'ui/index.html': '' },
      ['warning project.undeclared-ui manifest.json:1:1'],
    ],
    [
      "the template's publisher",
      { ...WITH_HANDLER, 'manifest.json': { ...MANIFEST, publisher: 'Your Org', api: API } },
      ['warning project.placeholder-publisher manifest.json:3:16'],
    ],

    [
      'package.json that is none',
      { ...WITH_HANDLER, 'package.json': '{\n  "a": 1,\n}' },
      ['error project.bad-package-json package.json:3:1'],
    ],
    [
      'a range nothing fits',
      packages({ '@alga-psa/cli': '^0.1.0' }),
      ['error project.package-range package.json:3:22'],
    ],
    [
      'a range the current one misses',
      packages({ '@alga-psa/extension-runtime': '~0.2.0' }),
      ['warning project.package-range package.json:3:36'],
    ],
    [
      'a package never published',
      packages({ '@alga/extension-runtime': '^0.3.0' }),
      ['error project.unpublished-package package.json:3:5'],
    ],
    [
      'the official build',
      {
        ...WITH_HANDLER,
        'package.json': {
          scripts: { build: 'alga build' },
          devDependencies: { typescript: '1', esbuild: '1', '@bytecodealliance/jco': '1' },
        },
      },
      ['info project.alga-build-script package.json:3:14'],
    ],

    [
      'a world that does not fit',
      { ...WITH_HANDLER, 'wit/ext.wit': 'interface logging {\n  info: func(m: string);\n}' },
      ['error project.wit-mismatch wit/ext.wit:2:3'],
    ],

    [
      'a host argument',
      handler(
        '\nexport async function handler(request: R, host: HostBindings): Promise<X> {\n  return host.x;\n}',
      ),
      ['error project.host-argument src/handler.ts:2:43'],
    ],
    [
      'a host argument of an arrow',
      handler('export const handler: Handler = async (request, host) => host.x;'),
      ['error project.host-argument src/handler.ts:1:49'],
    ],
    [
      'a host argument of a typed arrow',
      handler('export const handler: (r: R, h: H) => P = (request, { logging }) => 1;'),
      ['error project.host-argument src/handler.ts:1:53'],
    ],
    [
      'a host argument of a function value',
      handler('export const handler = async function (request, host) { return host.x; };'),
      ['error project.host-argument src/handler.ts:1:49'],
    ],

    [
      'an inline script',
      page('<p>\n  <script>go()</script>'),
      ['warning ui.inline-script ui/index.html:2:3'],
    ],
    [
      'an inline module',
      page('<script type=module>go()</script>'),
      ['warning ui.inline-script ui/index.html:1:1'],
    ],
    [
      'an import map',
      page('<script type="importmap">{}</script>'),
      ['warning ui.inline-script ui/index.html:1:1'],
    ],
    [
      'code in attributes',
      page('<a onclick="x()">\n<a href=" javascript:x">'),
      ['warning ui.inline-handler ui/index.html:1:4', 'warning ui.inline-handler ui/index.html:2:4'],
    ],
    [
      'other origins',
      page('<script src="https://cdn.example/x.js"></script><link href="//x/y.css">'),
      ['warning ui.remote-resource ui/index.html:1:14', 'warning ui.remote-resource ui/index.html:1:61'],
    ],
    ['absolute paths', page('<img src="/assets/a.png">'), ['warning ui.absolute-path ui/index.html:1:11']],
    [
      'a missing file',
      page('<script src="./gone.js"></script>'),
      ['warning ui.missing-file ui/index.html:1:14'],
    ],
    [
      'the same in src/ui',
      { 'manifest.json': { ...MANIFEST, ui: UI }, 'src/ui/index.html': '<script src="gone.js"></script>' },
      ['warning ui.missing-file src/ui/index.html:1:14'],
    ],

    [
      'modal dialogues',
      script('alert("x");\nif (window.confirm("y")) {}'),
      ['warning ui.modal-blocked ui/main.js:1:1', 'warning ui.modal-blocked ui/main.js:2:5'],
    ],
    [
      'calls past the bridge',
      script('await fetch("/api/ext/x/y");\nfetch(`/api/ext-proxy/z`)'),
      ['warning ui.direct-gateway ui/main.js:1:7', 'warning ui.direct-gateway ui/main.js:2:1'],
    ],
    [
      'calls to other origins',
      script('fetch("https://example.org")'),
      ['warning ui.remote-fetch ui/main.js:1:1'],
    ],
    [
      'messages to anyone',
      script('window.parent.postMessage({ a: f(1) }, "*")'),
      ['warning ui.wildcard-target ui/main.js:1:14'],
    ],
    [
      'messages from anyone',
      script('window.addEventListener("message", e => run(e.data))'),
      ['warning ui.unchecked-message ui/main.js:1:8'],
    ],
    [
      'code from strings',
      script('eval("1"); new Function("x")'),
      ['warning ui.eval ui/main.js:1:1', 'warning ui.eval ui/main.js:1:12'],
    ],
    [
      'a bridge without parent',
      script('const b = new IframeBridge();\nnew IframeBridge({ devAllowWildcard: false })'),
      ['warning ui.bridge-origin ui/main.js:1:11', 'warning ui.bridge-origin ui/main.js:2:1'],
    ],
    [
      'a bridge that trusts anyone',
      script('new IframeBridge({ devAllowWildcard: true })'),
      ['warning ui.wildcard-origin ui/main.js:1:20'],
    ],
    [
      'dead calls of the SDK',
      script("import {\n  useTheme, IframeBridge\n} from '@alga-psa/extension-iframe-sdk';"),
      ['warning ui.dead-sdk-call ui/main.js:2:3'],
    ],
    [
      'modal dialogues of a placeholder that the own build does not write over',
      {
        ...script('alert("x")'),
        'package.json': { name: 'n', scripts: { build: 'node ./scripts/build.mjs' } },
        'scripts/build.mjs': "build({ outfile: resolve(dist, 'ui/other-main.js') });",
      },
      ['warning ui.modal-blocked ui/main.js:1:1'],
    ],
    [
      'nothing in one that it does',
      {
        ...script('alert("x")'),
        'package.json': { name: 'n', scripts: { build: 'node ./scripts/build.mjs' } },
        'scripts/build.mjs': "build({ outfile: resolve(dist, 'ui/main.js') });",
      },
      [],
    ],
    [
      'page scripts in src',
      { ...WITH_UI, 'src/App.tsx': 'alert(1)', 'src/main.ts': 'alert(2)' },
      ['warning ui.modal-blocked src/App.tsx:1:1', 'warning ui.modal-blocked src/main.ts:1:1'],
    ],

    [
      'types that are not served',
      { ...WITH_UI, 'ui/favicon.ico': '', 'ui/a.mjs': '', 'ui/b.gif': '', 'ui/c.': '' },
      [
        'warning ui.refused-file-type ui/a.mjs',
        'warning ui.refused-file-type ui/b.gif',
        'warning ui.refused-file-type ui/c.',
        'warning ui.refused-file-type ui/favicon.ico',
      ],
    ],
    [
      'style sheets that point elsewhere',
      { ...WITH_UI, 'ui/a.css': '@import "https://x/y.css";\nb { background: url(/img/a.png) }' },
      ['warning ui.remote-resource ui/a.css:1:10', 'warning ui.absolute-path ui/a.css:2:21'],
    ],
  ])('%s', async (_what, files, found) => {
    expect(await diagnose(files)).toEqual(found);
  });

  it('with a reason, a remedy and a frame for each', async () => {
    const problems = await diagnoseProject(await readProject(folder(script('\n\n  alert("x");'))));
    expect(problems).toMatchObject([
      {
        line: 3,
        column: 3,
        help: expect.any(String) as unknown,
        frame: expect.stringContaining('> 3 |   alert("x");') as unknown,
      },
    ]);
  });

  it('only sources: not what stands in dist, node_modules or hidden folders', async () => {
    const files = {
      'ui/dist/a.js': 'alert(1)',
      'ui/node_modules/b.js': 'alert(1)',
      'ui/.c/d.js': 'alert(1)',
      'dist/ui/e.gif': '',
    };
    expect(await diagnose({ ...WITH_UI, ...files })).toEqual([]);
  });

  it('its own limit, and says so', async () => {
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`src/f${index}.txt`, '']));
    expect(await diagnose({ ...WITH_HANDLER, ...many })).toEqual(['info project.too-many-files ']);
  });
});
