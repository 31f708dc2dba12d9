import type { Sample } from '../sample.testing.ts';

/** The language, as far as what is loaded at build time and what runs per request may differ. */
export const BASICS: readonly Sample[] = [
  { name: 'nothing', source: `export function handler() {}` },
  { name: 'no body', source: `export const handler = () => ({ status: 204, headers: [] });` },
  { name: 'no headers', source: `export const handler = () => ({ status: 200 });` },
  {
    name: 'the request comes back',
    source: `export function handler({ context, http }) {
      return { status: 201, headers: http.headers, body: new TextEncoder().encode(
        JSON.stringify({ context, method: http.method, url: http.url, body: http.body && [...http.body] })) };
    }`,
    requests: ['GET /a?b=c&d=%20', 'POST /body hello', 'PUT /empty', 'DELETE /ünï'],
  },
  {
    name: 'state at the top level is every request’s start',
    source: `let calls = 0; const seen = new Map([['start', 1]]);
      export function handler() { calls += 1; seen.set(calls, seen.size); return answer([calls, [...seen]]); }`,
    requests: ['GET /1', 'GET /2'],
  },
  {
    name: 'classes',
    source: `class A { #x = 1; static n = 0; static { A.n = 41; } get x() { return this.#x; } set x(v) { this.#x = v; } }
      class B extends A { constructor() { super(); this.x += A.n; } *[Symbol.iterator]() { yield this.x; yield* [1, 2]; } }
      const made = new B();
      export function handler() { return answer([...made, ...new B(), made instanceof A, A.name]); }`,
  },
  {
    name: 'async',
    source: `const early = await Promise.all([1, Promise.resolve(2)]);
      async function* numbers() { for (const n of early) { await null; yield n; } }
      export async function handler() {
        const all = []; for await (const n of numbers()) all.push(n);
        const settled = await Promise.allSettled([Promise.reject(new Error('no')), 5]);
        queueMicrotask(() => all.push('later'));
        await undefined;
        return answer([all, settled.map(s => s.status), await Promise.race([7, 8])]);
      }`,
  },
  {
    name: 'exceptions',
    source: `export function handler({ http }) {
        if (http.url === '/throw') throw new Error('boom');
        if (http.url === '/object') throw { a: 1 };
        if (http.url === '/reject') return Promise.reject(new TypeError('later'));
        try { null.x } catch (e) { return answer([e.name, e instanceof TypeError, e.message]); } finally { globalThis.y = 1; }
      }`,
    requests: ['GET /throw', 'GET /object', 'GET /reject', 'GET /caught'],
  },
  {
    name: 'stacks tell the same places',
    source: `const top = new Error('top').stack;\nfunction inner() {\n  return new Error('in').stack;\n}
      export function handler() { return answer([top.split('\\n')[0], inner().split('\\n').slice(0, 2)]); }`,
  },
  {
    name: 'deep recursion',
    source: `const depth = n => { try { return depth(n + 1); } catch { return n; } };
      export function handler({ http }) {
        if (http.url === '/endless') { const f = n => 1 + f(n + 1); return answer(f(0)); }
        return answer(depth(0) > 100);
      }`,
    requests: ['GET /caught', 'GET /endless'],
  },
  {
    name: 'numbers and text',
    source: `const re = /(?<y>\\d{4})-(?<m>\\d\\d)(?!x)/gu;
      export const handler = () => answer([0.1 + 0.2, 2n ** 70n + '', Number.MAX_SAFE_INTEGER + 2, -0, 1 / 3, 1e21, (255).toString(36),
        (1.005).toFixed(2), parseFloat('1e-7'), [...'2026-08 1999-12'.matchAll(re)].map(m => ({ ...m.groups })),
        'ß'.toUpperCase(), '👍🏽'.length, [...'👍🏽'].length, 'abc'.at(-1), attempt(() => 'é'.normalize('NFD').length), \`\${[1, [2, 3]]}\`, 'x'.padStart(3, '-')]);`,
  },
  {
    name: 'collections and reflection',
    source: `const weak = new WeakMap(), key = {}; weak.set(key, 'held');
      const seen = []; const proxy = new Proxy({}, { get: (_, p) => (seen.push(String(p)), p) });
      const frozen = Object.freeze({ a: [1] });
      export function handler() {
        proxy.one; proxy[Symbol.iterator];
        return answer([seen, weak.get(key), Object.isFrozen(frozen), Reflect.ownKeys({ b: 1, a: 2, 1: 3 }), [3, 1, 10].sort(),
          [3, 1, 10].toSorted((a, b) => a - b), Object.groupBy([1, 2, 3], n => (n % 2 ? 'odd' : 'even')), structuredClone({ d: [1, { e: 2 }] }),
          new Set([1, 2]).union?.(new Set([3]))?.size ?? 'none', Array.from({ length: 3 }, (_, i) => i * i).findLast(n => n < 4)]);
      }`,
  },
  {
    name: 'bytes',
    source: `const shared = new Uint8Array(200_000).map((_, i) => i * 7);
      export function handler() {
        const view = new DataView(new ArrayBuffer(16)); view.setFloat64(0, Math.PI); view.setInt16(8, -2, true);
        const text = new TextDecoder().decode(new Uint8Array([0xe2, 0x82, 0xac, 0xff]));
        return { status: 200, headers: [{ name: 'x', value: text.length + btoa('hi') + atob('aGk=') }],
          body: new Uint8Array([...new Uint8Array(view.buffer), ...shared.subarray(99_990, 100_010)]) };
      }`,
  },
  {
    name: 'large data grows the memory',
    source: `const rows = Array.from({ length: 60_000 }, (_, i) => ({ id: i, name: 'row ' + i, even: i % 2 === 0 }));
      const index = new Map(rows.map(row => [row.name, row]));
      export const handler = () => answer([rows.length, index.get('row 59999'), rows.reduce((s, r) => s + r.id, 0)]);`,
  },
  {
    name: 'urls and headers',
    source: `export function handler({ http }) {
        const url = new URL(http.url, 'https://example.test/base/'); url.searchParams.append('z', 'ä');
        const headers = new Headers([['A', '1'], ['a', '2']]);
        return answer([url.href, [...url.searchParams], url.pathname, [...headers]]);
      }`,
    requests: ['GET /p/../q?x=1&x=2', 'GET //evil.test/'],
  },
  {
    name: 'what is switched off',
    source: `export async function handler({ http }) {
        switch (http.url) {
          case '/date': return answer([Date.now() === Date.now(), new Date() - new Date(), new Date(0).toISOString(), typeof Date.now()]);
          case '/random': return answer([typeof Math.random(), Math.random() < 1]);
          case '/perf': return answer(performance.now());
          case '/timer': return answer(await new Promise(done => setTimeout(done, 1)));
          case '/fetch': return answer((await fetch('https://example.test/')).status);
          case '/import': return answer(Object.keys(await import('alga:extension/logging')));
          case '/uuid': return answer(crypto.randomUUID().length);
          case '/console': console.log('out'); console.error('err'); return answer('quiet');
          default: return answer(Object.getOwnPropertyNames(globalThis).sort());
        }
      }`,
    requests: ['date', 'random', 'perf', 'timer', 'fetch', 'import', 'uuid', 'console', 'globals'].map(
      name => `GET /${name}`,
    ),
  },
  {
    name: 'responses of a wrong shape',
    source: `export function handler({ http }) {
        switch (http.url) {
          case '/status': return { status: 70000, headers: [] };
          case '/text': return { status: 200, headers: [], body: 'text' };
          case '/array': return { status: 200, headers: [], body: [1, 2, 300] };
          case '/header': return { status: 200, headers: [{ name: 'a' }] };
          case '/null': return null;
          default: return { status: '203', headers: [], body: null };
        }
      }`,
    requests: ['status', 'text', 'array', 'header', 'null', 'string'].map(name => `GET /${name}`),
  },
  {
    name: 'odd text in the source',
    source: `const s = "\\u2028\u2028\\0'\\"\\\\ é 漢 \u{1F600}"; /* \u{1F4A9} */ const ｆｕｌｌ = \`a
b\`;
      export function handler() { return answer([s, ｆｕｌｌ, s.length]); } // no line end`,
  },
  {
    name: '200 KB of source',
    source: `${Array.from({ length: 2_600 }, (_, i) => `export const f${i} = (a, b) => a * ${i} + b; // filler ${'x'.repeat(30)}`).join('\n')}
      export const handler = () => answer([f0(1, 2), f2599(1, 2)]);`,
  },
];
