import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, textOf } from './folders.testing.ts';
import { applyFix, diagnoseProject, readProject } from './index.ts';

const folder = temporaryFolders();
const ROOT = resolve(import.meta.dirname, '../..');
const RESOURCES = { templatesDir: join(ROOT, 'templates') };
const MANIFEST =
  '{\n  "name": "n", "publisher": "acme", "version": "1.0.0", "runtime": "wasm-js@1",\n  "ui": {"type": "iframe", "entry": "ui/index.html"}\n}\n';
const UI = { 'manifest.json': MANIFEST, 'ui/index.html': '<p>' };

async function fixIds(root: string): Promise<string[]> {
  return (await diagnoseProject(await readProject(root))).flatMap(problem => problem.fix?.id ?? []);
}

/** Applies the one fix there is and gives the file's new text. */
async function fixOnly(files: Record<string, unknown>, file: string): Promise<string> {
  const root = folder(files);
  const [id = '', ...others] = await fixIds(root);
  expect(others).toEqual([]);
  await applyFix(root, id, RESOURCES);
  expect(await fixIds(root)).not.toContain(id);
  return textOf(root, file);
}

describe('applyFix', () => {
  it.each<[what: string, before: string, after: string]>([
    ['no options', 'new IframeBridge();', 'new IframeBridge({ ORIGIN });'],
    ['empty options', 'new IframeBridge({});', 'new IframeBridge({ ORIGIN });'],
    [
      'other options',
      'new IframeBridge({ devAllowWildcard: false });',
      'new IframeBridge({ ORIGIN, devAllowWildcard: false });',
    ],
    ['wildcard', 'new IframeBridge({ devAllowWildcard: true });', 'new IframeBridge({ ORIGIN });'],
    [
      'wildcard beside an origin',
      'new IframeBridge({ expectedParentOrigin: o, devAllowWildcard: true });',
      'new IframeBridge({ expectedParentOrigin: o, devAllowWildcard: false });',
    ],
  ])('gives the bridge its parent: %s', async (_what, before, after) => {
    const origin =
      'expectedParentOrigin: document.referrer ? new URL(document.referrer).origin : window.location.origin';
    expect(await fixOnly({ ...UI, 'ui/main.js': before }, 'ui/main.js')).toBe(
      after.replace('ORIGIN', origin),
    );
  });

  it('makes an absolute path relative', async () => {
    const html = await fixOnly(
      { ...UI, 'ui/index.html': "<img src='/assets/a.png' alt=x>", 'ui/assets/a.png': '' },
      'ui/index.html',
    );
    expect(html).toBe("<img src='./assets/a.png' alt=x>");
  });

  it('moves an inline script to a file of its own', async () => {
    const root = folder({
      ...UI,
      'ui/index.html': '<body>\n<script type="module">\n  go();\n</script>\n</body>',
      'ui/index-inline.js': '',
    });
    await applyFix(root, 'ui.inline-script');
    expect(textOf(root, 'ui/index.html')).toBe(
      '<body>\n<script type="module" src="./index-inline-2.js"></script>\n</body>',
    );
    expect(textOf(root, 'ui/index-inline-2.js')).toBe('  go();\n');
    expect(await fixIds(root)).toEqual([]);
  });

  it('numbers fixes of one kind', async () => {
    const root = folder({
      ...UI,
      'ui/index.html': '<img src="/a.png"><img src="/b.png">',
      'ui/a.png': '',
      'ui/b.png': '',
    });
    expect(await fixIds(root)).toEqual(['ui.absolute-path:1', 'ui.absolute-path:2']);
    await applyFix(root, 'ui.absolute-path:2');
    expect(textOf(root, 'ui/index.html')).toBe('<img src="/a.png"><img src="./b.png">');
    // The last one left has no number any more; the id it was found with still means it.
    expect(await fixIds(root)).toEqual(['ui.absolute-path']);
    await applyFix(root, 'ui.absolute-path:1');
    expect(textOf(root, 'ui/index.html')).toBe('<img src="./a.png"><img src="./b.png">');
  });

  it('prefixes a capability, in the style of the file', async () => {
    const text = '{\r\n\t"name": "n",\r\n\t"capabilities": ["cap:log.emit", "http.fetch"]\r\n}\r\n';
    const root = folder({ 'manifest.json': text });
    await applyFix(root, 'manifest.unknown-capability:http.fetch');
    expect(textOf(root, 'manifest.json')).toBe(text.replace('"http', '"cap:http'));
  });

  it('adds an endpoint in the style of the file', async () => {
    const text = '{\r\n\t"name": "n"\r\n}\r\n';
    const root = folder({ 'manifest.json': text, 'src/handler.ts': '' });
    await applyFix(root, 'project.no-endpoints');
    expect(textOf(root, 'manifest.json')).toMatch(
      /^\{\r\n\t"name": "n",\r\n\t"api": \{\r\n\t\t"endpoints": \[/,
    );
    expect(JSON.parse(textOf(root, 'manifest.json'))).toEqual({
      name: 'n',
      api: { endpoints: [{ method: 'GET', path: '/', handler: 'handler' }] },
    });
  });

  it.each<[author: unknown, publisher: string]>([
    ['Ada Lovelace <ada@example.org> (https://example.org)', 'Ada Lovelace'],
    [{ name: 'Ada' }, 'Ada'],
  ])('takes the publisher from the author %j', async (author, publisher) => {
    const root = folder({ 'manifest.json': { publisher: 'Your Org' }, 'package.json': { author } });
    await applyFix(root, 'project.placeholder-publisher');
    expect(JSON.parse(textOf(root, 'manifest.json'))).toEqual({ publisher });
  });

  it.each<[what: string, before: string, after: string]>([
    [
      'function',
      "import { jsonResponse } from '@alga-psa/extension-runtime';\n\nexport async function handler(request: R, host: H) {\n  return host.x(request);\n}\n",
      "import { withHost } from './host-bindings.js';\nimport { jsonResponse } from '@alga-psa/extension-runtime';\n\nasync function handlerWithHost(request: R, host: H) {\n  return host.x(request);\n}\n\nexport const handler = withHost(handlerWithHost);\n",
    ],
    [
      'constant, with a comment on top and extensions in imports',
      "// Mine.\nimport { a } from './a.ts';\nexport const handler: Handler = async (request, host) => host.x(a);",
      "// Mine.\nimport { withHost } from './host-bindings.ts';\nimport { a } from './a.ts';\nconst handlerWithHost: Handler = async (request, host) => host.x(a);\n\nexport const handler = withHost(handlerWithHost);\n",
    ],
    [
      'without imports',
      'export function handler(request, host) { return host.x; }',
      "import { withHost } from './host-bindings.js';\nfunction handlerWithHost(request, host) { return host.x; }\n\nexport const handler = withHost(handlerWithHost);\n",
    ],
  ])('wraps a handler that expects the host: %s', async (_what, before, after) => {
    const root = folder({ 'manifest.json': MANIFEST, 'ui/index.html': '', 'src/handler.ts': before });
    await applyFix(root, 'project.host-argument', RESOURCES);
    expect(textOf(root, 'src/handler.ts')).toBe(after);
    expect(textOf(root, 'src/host-bindings.ts')).toContain('export function withHost');
    expect(textOf(root, 'src/alga-extension.d.ts')).toContain('alga:extension/');
    const codes = (await diagnoseProject(await readProject(root))).map(problem => problem.code);
    expect(codes).not.toContain('project.host-argument');
  });

  it('changes nothing when a file it needs is missing', async () => {
    const root = folder({
      'manifest.json': '{}',
      'src/handler.ts': 'export function handler(r, host) { host.x }',
      'wit/ext.wit': 'record a {}',
    });
    const before = textOf(root, 'src/handler.ts');
    const missing = { code: 'project.missing-resource' };
    await expect(applyFix(root, 'project.host-argument')).rejects.toMatchObject(missing);
    await expect(applyFix(root, 'project.host-argument', { templatesDir: root })).rejects.toMatchObject(
      missing,
    );
    await expect(applyFix(root, 'project.invalid-wit')).rejects.toMatchObject(missing);
    await expect(
      applyFix(root, 'project.invalid-wit', { witFile: join(root, 'gone') }),
    ).rejects.toMatchObject(missing);
    expect(textOf(root, 'src/handler.ts')).toBe(before);
    expect(readdirSync(join(root, 'src'))).toEqual(['handler.ts']);
  });

  it.each([
    'project.no-endpoints',
    'project.no-endpoints:2',
    'ui.modal-blocked',
    'manifest.unknown-field:name',
    'manifest.unknown-field:gone',
    'manifest.unknown-field:toString',
    'manifest.unknown-capability:nope',
    'manifest.unknown-capability:cap:log.emit',
    '',
  ])('refuses a fix that is not offered: %j', async id => {
    const root = folder({ ...UI, 'ui/main.js': 'alert(1)' });
    await expect(applyFix(root, id, RESOURCES)).rejects.toMatchObject({ code: 'project.unknown-fix' });
    expect(textOf(root, 'manifest.json')).toBe(MANIFEST);
  });

  it.skipIf(process.platform === 'win32')("keeps the file's mode and leaves no temporary file", async () => {
    const root = folder({ 'manifest.json': '{"x": 1}', 'ui/index.html': '' });
    chmodSync(join(root, 'manifest.json'), 0o640);
    await applyFix(root, 'manifest.unknown-field:x');
    expect(statSync(join(root, 'manifest.json')).mode & 0o777).toBe(0o640);
    expect(readdirSync(root).sort()).toEqual(['manifest.json', 'ui']);
  });

  it('tells when it cannot write', async () => {
    const root = folder({
      'manifest.json': '{}',
      'src/handler.ts': 'export function handler(r, host) { host.x }',
      'src/host-bindings.ts/x': '',
    });
    await expect(applyFix(root, 'project.host-argument', RESOURCES)).rejects.toMatchObject({
      code: 'project.write-failed',
    });
    expect(textOf(root, 'src/handler.ts')).toBe('export function handler(r, host) { host.x }');
  });
});
