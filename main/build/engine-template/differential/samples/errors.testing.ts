import { expressions, kept, type Sample } from '../sample.testing.ts';

/** Errors, what they say, and what the request ends with. */
export const ERRORS: readonly Sample[] = [
  ...expressions({
    'error: causes and aggregates': `(e => [e.cause.message, e.message, 'cause' in new Error('x'), new AggregateError([1, new Error('a')], 'm').errors.map(String), Object.keys(e), String(e)])(new Error('outer', { cause: new Error('inner') }))`,
    'error: classes': `[Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(E => [E.name, String(new E('m')), new E() instanceof Error, E('called').message, Object.prototype.toString.call(new E())])`,
    'error: messages of the engine': `[() => null.a, () => undefined.f(), () => ({}).f(), () => nope, () => new 5, () => [].reduce((a, b) => a), () => 'x' in 'y', () => 1 instanceof 1, () => new Array(-5), () => Symbol() + 1, () => ({}).a.b.c, () => JSON.parse('{]'), () => decodeURI('%'), () => (1).toFixed(200)].map(attempt)`,
    'error: subclass with fields': `(() => { class E extends Error { name = 'E'; code = 5; constructor(m, o) { super(m, o); this.extra = [m]; } get [Symbol.toStringTag]() { return 'Tag'; } } const e = new E('m', { cause: 1 }); return [String(e), e.code, e.extra, e.cause, e instanceof E, Object.prototype.toString.call(e), JSON.stringify(e)]; })()`,
    'error: thrown while one is handled': `attempt(() => { try { null.x; } catch ({ message }) { throw new RangeError('after: ' + message.length); } })`,
    'error: DOMException': `[typeof DOMException, attempt(() => new DOMException('m', 'AbortError').code), attempt(() => { throw new DOMException('m', 'DataCloneError'); })]`,
    'error: fields of a stack': `(e => [typeof e.stack, typeof e.lineNumber, typeof e.columnNumber, Error.captureStackTrace === undefined, Error.stackTraceLimit === undefined])(new Error('x'))`,
  }),
  ...kept({
    'error: stack of an error made at load': [
      `const made = (function outer() { return (function inner() { return new Error('early'); })(); })();`,
      `[made.stack.split('\\n').slice(0, 3), made.lineNumber, made.columnNumber]`,
    ],
    'error: stack through async functions': [
      `async function a() { await null; return b(); }\nasync function b() { throw new Error('deep'); }`,
      `a().catch(e => e.stack.split('\\n').slice(0, 4))`,
    ],
    'error: stack through classes, getters and callbacks': [
      `class K { constructor(f) { this.f = f; } get g() { return [1].map(() => this.f())[0]; } static s() { return new K(() => new Error('here')).g; } }`,
      `K.s().stack.split('\\n').slice(0, 6)`,
    ],
    'error: too much recursion, in several ways': [
      `const ways = [function f() { f(); }, () => { const p = new Proxy({}, { get: (_, k, r) => r[k] }); p.x; }, () => { const a = []; a[0] = a; a.flat(Infinity); }, () => { const o = { toString() { return '' + this; } }; String(o); }, () => { class A { get x() { return this.x; } } new A().x; }];`,
      `ways.map(w => attempt(w).name)`,
    ],
  }),
  {
    name: 'throws of every kind',
    source: `const kinds = { error: () => new Error('boom'), empty: () => new Error(''), long: () => new Error('x'.repeat(5000)), lines: () => new Error('a\\nb\\u0000c'), text: () => 'text',
        number: () => 5, none: () => undefined, symbol: () => Symbol('s'), payload: () => ({ payload: 'missing' }), frozen: () => Object.freeze(new Error('f')),
        hostile: () => ({ get message() { throw new Error('again'); }, toString() { throw new Error('and again'); } }), proxy: () => new Proxy({}, { get() { throw new Error('trap'); } }),
        function: () => () => 1, bigint: () => 5n, date: () => new Date(0), tag: () => ({ tag: 'err', val: 'denied' }) };
      export function handler({ http }) { throw kinds[http.url.slice(1)](); }`,
    requests: [
      'error',
      'empty',
      'long',
      'lines',
      'text',
      'number',
      'none',
      'symbol',
      'payload',
      'frozen',
      'hostile',
      'proxy',
      'function',
      'bigint',
      'date',
      'tag',
    ].map(name => `GET /${name}`),
  },
  {
    name: 'an error leaves nothing behind',
    source: `let calls = 0; export function handler({ http }) { calls += 1; if (http.url === '/throw') throw new Error(String(calls)); return answer(calls); }`,
    requests: ['GET /throw', 'GET /', 'GET /throw', 'GET /again'],
  },
];
