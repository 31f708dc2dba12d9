import { kept, type Sample } from '../sample.testing.ts';

/** Shapes of the module and of the handler, and the web's interfaces that the engine brings. */
export const MODULES: readonly Sample[] = [
  ...[
    `async function handler() { return answer('async function'); }\nexport { handler };`,
    `const run = () => answer('renamed');\nexport { run as handler };`,
    `export let handler = () => answer('first');\nhandler = () => answer('replaced');`,
    `export const handler = (function () { return answer(this === undefined); }).bind(undefined);`,
    `export const handler = new Proxy(() => answer('proxy'), {});`,
    `export class Unused {}\nexport default 5;\nexport var handler = function named(...all) { return answer([all.length, handler.name, arguments.length]); };`,
    `export function handler(request) { return answer([Object.keys(request), Object.keys(request.context), Object.keys(request.http), Object.isFrozen(request)]); }`,
    `export function handler(request) { request.http.method = 'X'; request.extra = 1; delete request.context.tenantId; return answer(request); }`,
    `export { handler };\nfunction handler() { return answer([typeof later, typeof hoisted]); }\nvar later = 1;\nfunction hoisted() {}`,
    `import * as storage from 'alga:extension/storage';\nexport const handler = () => answer([Object.keys(storage).sort(), typeof storage.default, Object.prototype.toString.call(storage), attempt(() => { storage.get = 1; })]);`,
    `import { get as fromStorage } from 'alga:extension/storage';\nimport { get as fromSecrets } from 'alga:extension/secrets';\nexport const handler = () => answer([fromStorage === fromSecrets, fromStorage.name, fromStorage.length, String(fromStorage).length > 0]);`,
    `export const handler = () => answer([attempt(() => typeof import.meta), attempt(() => Object.keys(import.meta)), attempt(() => String(import.meta.url).split('/').at(-1))]);`,
    `'use strict';\nexport function handler() { return answer([typeof module, typeof require, typeof process, typeof window, typeof self]); }`,
    `/* a comment of some size ${'-'.repeat(3000)} */\n\n\n\nexport function handler() { const { stack } = new Error('line'); return answer(stack.split('\\n')[0]); }`,
  ].map((source, index) => ({ name: `module: shape ${index + 1}`, source })),
  ...kept({
    'web: URL and its parameters': [
      `const base = new URL('https://u:p@example.test:8443/a/b?x=1#h');`,
      `[base.origin, base.host, base.username, new URL('../c?y', base).href, attempt(() => new URL('no')), URL.canParse?.('x:y'), [...new URLSearchParams('a=1&a=2&b=%20+')], (p => (p.sort(), p.set('a', 'ü'), String(p)))(new URLSearchParams({ b: 1, a: 2 })), new URL('HTTP://EXÄMPLE.test:80/%7e/./x').href]`,
    ],
    'web: Headers': [
      `const h = new Headers({ 'Content-Type': 'a/b', 'X-Y': '1' }); h.append('x-y', '2'); h.append('set-cookie', 'a'); h.append('set-cookie', 'b');`,
      `[[...h], h.get('X-y'), h.has('nope'), attempt(() => h.getSetCookie()), attempt(() => h.set('b ad', '1')), attempt(() => h.set('a', 'ü\\n'))]`,
    ],
    'web: Request and Response': [
      `const r = attempt(() => new Response('{"a":1}', { status: 201, headers: { 'x-a': 'b' } }));`,
      `(async () => [attempt(() => [r.value.status, r.value.ok]), await r.value?.json?.().catch(String), await attempt(() => new Response('ä').arrayBuffer().then(b => b.byteLength)).value, attempt(() => new Request('https://example.test/', { method: 'post' }).method), attempt(() => Response.json?.([1]).status), attempt(() => new Response('', { status: 99 }))])()`,
    ],
    'web: streams': [
      `const can = typeof ReadableStream;`,
      `(async () => { const out = [can]; const s = new ReadableStream({ start(c) { c.enqueue('a'); c.enqueue('b'); c.close(); } }); const r = s.getReader(); for (;;) { const { value, done } = await r.read(); if (done) break; out.push(value); } return out; })().catch(String)`,
    ],
    'web: digests': [
      `const can = typeof crypto?.subtle;`,
      `(async () => [can, [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('a')))].slice(0, 4)])().catch(e => e.name)`,
    ],
    'web: events': [
      `const can = typeof EventTarget;`,
      `attempt(() => { const t = new EventTarget(); const seen = [can]; t.addEventListener('x', e => seen.push(e.type), { once: true }); t.dispatchEvent(new Event('x')); t.dispatchEvent(new Event('x')); return seen; })`,
    ],
    'web: Blob, FormData and File': [
      `const kinds = ['Blob', 'File', 'FormData'].map(k => typeof globalThis[k]);`,
      `(async () => [kinds, await attempt(() => new Blob(['a', new Uint8Array([98])], { type: 't' }).text()).value, attempt(() => [...(f => (f.append('a', '1'), f))(new FormData())])])()`,
    ],
    'web: what is there at load and at request': [
      `const at = () => ['setTimeout', 'setInterval', 'fetch', 'queueMicrotask', 'structuredClone', 'WebAssembly', 'location', 'navigator', 'addEventListener', 'CompressionStream', 'TransformStream', 'Worker', 'Temporal', 'gc'].map(n => typeof globalThis[n]).join(); const early = at();`,
      `[early, at() === early]`,
    ],
  }),
];
