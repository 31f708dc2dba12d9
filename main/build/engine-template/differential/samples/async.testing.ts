import { kept, type Sample } from '../sample.testing.ts';

/** Promises, async functions and their order. */
export const ASYNC: readonly Sample[] = [
  ...kept({
    'promise: order of jobs': [
      `const orderOf = async () => { const o = []; const later = x => Promise.resolve().then(() => o.push(x)); (async () => { o.push('a'); await null; o.push('b'); await null; o.push('c'); })(); later(1).then(() => later(2)); queueMicrotask(() => o.push('m')); o.push('sync'); for (let i = 0; i < 10; i++) await null; return o; }; const early = await orderOf();`,
      `orderOf().then(now => [early, now, early.join() === now.join()])`,
    ],
    'promise: combinators': [
      `const no = x => Promise.reject(new Error(x)); const caught = p => p.then(v => ({ v }), e => ({ name: e.name, message: e.message, errors: e.errors?.map(String) }));`,
      `Promise.all([caught(Promise.all([1, no('all')])), caught(Promise.any([no('a'), no('b')])), caught(Promise.any([no('a'), 3])), caught(Promise.race([no('r'), 1])), caught(Promise.any([])), Promise.allSettled([]), caught(Promise.all(5))])`,
    ],
    'promise: withResolvers and try': [
      `const { promise, resolve } = Promise.withResolvers?.() ?? (() => { let resolve; return { promise: new Promise(r => (resolve = r)), resolve: v => resolve(v) }; })();`,
      `(resolve(http.url), Promise.all([promise, typeof Promise.try, typeof Promise.withResolvers]))`,
    ],
    'promise: thenables': [
      `const thenable = { then(ok) { ok('from then'); ok('ignored'); throw new Error('ignored'); } }; const bad = { get then() { throw new TypeError('getter'); } };`,
      `Promise.allSettled([thenable, Promise.resolve(thenable), Promise.resolve(bad)]).then(all => all.map(s => [s.status, s.value ?? String(s.reason)]))`,
    ],
    'promise: resolved with itself': [
      `let self; self = new Promise(r => setSelf = r); var setSelf;`,
      `(setSelf(self), self.catch(e => [e.name, e.message]))`,
    ],
    'promise: subclass': [
      `class P extends Promise { static made = 0; constructor(f) { super(f); P.made += 1; } }`,
      `P.resolve(1).then(x => x + 1).then(v => [v, P.made > 1])`,
    ],
    'promise: finally': [
      `const f = p => p.finally(() => 'ignored').then(v => ['ok', v], e => ['no', String(e)]);`,
      `Promise.all([f(Promise.resolve(1)), f(Promise.reject('x')), Promise.resolve(1).finally(() => { throw new Error('replaced'); }).catch(String)])`,
    ],
    'promise: pending since the load': [
      `let go; const pending = new Promise(done => { go = done; }).then(v => 'resolved with ' + v);`,
      `(go(http.method), pending)`,
    ],
    'promise: a chain of ten thousand': [
      `const chain = n => { let p = Promise.resolve(0); for (let i = 0; i < n; i++) p = p.then(x => x + 1); return p; }; const early = await chain(1000);`,
      `chain(10_000).then(n => [early, n])`,
    ],
    'async: generators with cleanup': [
      `const log = []; async function* g() { try { yield 1; yield Promise.resolve(2); yield* [3, 4]; } finally { await null; log.push('closed'); } }`,
      `(async () => { for await (const x of g()) { log.push(x); if (x === 3) break; } return [log, await g().return(9), await g().throw(new Error('t')).catch(String)]; })()`,
    ],
    'async: for await over promises that reject': [
      `const failing = () => [Promise.resolve(1), Promise.reject(new Error('second'))];`,
      `(async () => { const seen = []; try { for await (const x of failing()) seen.push(x); } catch (e) { seen.push(e.message); } return seen; })()`,
    ],
    'async: iteration of one’s own': [
      `const own = { [Symbol.asyncIterator]() { let n = 0; return { next: async () => ({ value: n, done: n++ > 2 }), return: async () => ({}) }; } };`,
      `(async () => { const out = []; for await (const n of own) out.push(n); return [out, typeof Array.fromAsync, await Array.fromAsync?.(own)]; })()`,
    ],
    'async: parallel limits': [
      `async function pool(jobs, n) { const out = []; let i = 0, most = 0, now = 0; await Promise.all(Array.from({ length: n }, async () => { while (i < jobs.length) { const k = i++; most = Math.max(most, ++now); out[k] = await jobs[k](); now -= 1; } })); return [out, most]; }`,
      `pool(Array.from({ length: 20 }, (_, i) => async () => { for (let k = 0; k < i % 4; k++) await null; return i * i; }), 3)`,
    ],
    'async: AbortController': [
      `const can = typeof AbortController === 'function'; const c = can ? new AbortController() : undefined;`,
      `attempt(() => { if (!can) return 'none'; const seen = []; c.signal.addEventListener('abort', () => seen.push('event')); c.abort('why'); return [seen, c.signal.aborted, c.signal.reason, attempt(() => c.signal.throwIfAborted())]; })`,
    ],
    'async: top-level await of many kinds': [
      `const all = []; for await (const x of [1, Promise.resolve(2)]) all.push(x); all.push(await { then: r => r('thenable') }, await (async () => { try { await Promise.reject(3); } catch (e) { return e; } })());`,
      `[all, await http.url]`,
    ],
  }),
  {
    name: 'a top-level await that never ends, after a handler that is there already',
    source: `await new Promise(() => {}); export function handler() { return answer(typeof later); } const later = 1;`,
  },
  {
    name: 'a rejection that nobody handles',
    source: `export async function handler({ http }) { Promise.reject(new Error('lost')); if (http.url === '/wait') await null; return answer('still'); }`,
    requests: ['GET /', 'GET /wait'],
  },
  {
    name: 'an answer that never comes',
    source: `export function handler() { return new Promise(() => {}); }`,
  },
  {
    name: 'kinds of rejection',
    source: `const reasons = { '/error': new Error('e'), '/type': new TypeError('t'), '/text': 'text', '/none': undefined, '/null': null, '/number': 7, '/symbol': Symbol('s'),
        '/object': { payload: 'missing' }, '/cause': new Error('outer', { cause: new Error('inner') }), '/aggregate': new AggregateError([new Error('x')], 'many') };
      export async function handler({ http }) { await null; throw reasons[http.url]; }`,
    requests: [
      'error',
      'type',
      'text',
      'none',
      'null',
      'number',
      'symbol',
      'object',
      'cause',
      'aggregate',
    ].map(name => `GET /${name}`),
  },
  {
    name: 'a response that is a thenable',
    source: `export const handler = () => ({ then(ok) { ok(answer('thenable')); } });`,
  },
];
