import { expressions, kept, type Sample } from '../sample.testing.ts';

/** Objects, classes, proxies and symbols. */
export const OBJECTS: readonly Sample[] = [
  ...expressions({
    'object: spread, rest and computed keys': `(({ a, ...rest }) => ({ a, rest, ['k' + 1]: 2 }))({ a: 1, b: 2, ...null, ...'hi' })`,
    'object: order of keys': `Object.keys({ b: 1, 10: 1, a: 1, 2: 1, [-1]: 1, '01': 1 })`,
    'object: descriptors': `Object.getOwnPropertyDescriptors({ get a() { return 1; }, set a(v) {}, b: 2 })`,
    'object: frozen in strict mode': `[attempt(() => { Object.freeze({ a: 1 }).a = 2; }), attempt(() => { delete Object.seal({ a: 1 }).a; })]`,
    'object: without a prototype': `[attempt(() => Object.create(null) + ''), Object.keys(Object.create(null, { a: { enumerable: true } }))]`,
    'object: entries and back': `Object.fromEntries(Object.entries({ a: 1, b: [2] }).map(([k, v]) => [k + k, v]))`,
    'object: optional chaining and nullish': `[null?.a.b.c, undefined ?? 'x', 0 ?? 'x', ({ f: null }).f?.(), (o => (o.a ??= 5, o.b ||= 6, o.c &&= 7, o))({ b: 0, c: 1 })]`,
    'object: conversion to a primitive': `['default', 'number', 'string'].map((_, i) => { const o = { [Symbol.toPrimitive]: hint => hint }; return [o + '', +o, \`\${o}\`][i]; })`,
    'object: __proto__ in literals and JSON': `[({ __proto__: { x: 1 } }).x, Object.keys(JSON.parse('{"__proto__": {"x": 1}}'))]`,
    'object: destructuring with defaults': `(({ a: { b = 3, ...c } = {}, d = b * 2 } = {}, [e, , f = 9, ...g] = [1, 2]) => [b, c, d, e, f, g])()`,
    'symbol: registry and description': `[Symbol.for('a') === Symbol.for('a'), Symbol('x').description, Symbol.keyFor(Symbol.for('k')), String(Symbol('s'))]`,
    'getter that throws': `attempt(() => ({ get a() { throw new RangeError('from the getter'); } }).a)`,
    'array: holes': `[Object.keys([1, , 3]), [, 1].map(x => 2), [1, , 3].flat(), [...[, 1]], [, 'a'].findIndex(x => x === undefined), 1 in [, , 1]]`,
    'array: sorting is stable': `[[3, 'a'], [1, 'b'], [3, 'c'], [1, 'd'], [2, 'e']].sort((x, y) => x[0] - y[0]).map(x => x[1]).join('')`,
    'array: methods that copy': `[[3, 1, 2].toSorted(), [1, 2, 3].toReversed(), [1, 2, 3].with(1, 9), [1, 2, 3, 4].toSpliced(1, 2, 'x'), attempt(() => [1].with(5, 1))]`,
    'array: from an iterator and a length': `[Array.from(new Set([1, 1, 2]), x => x * 2), Array.from({ length: 2, 0: 'a' }), Array.of(7), attempt(() => new Array(-1))]`,
    'array: length as a setter': `(a => { a.length = 1; a[3] = 'x'; return [a, a.length, attempt(() => { a.length = 2 ** 32; })]; })([1, 2, 3])`,
    'array: subclass and species': `(() => { class A extends Array { sum() { return this.reduce((a, b) => a + b, 0); } } const a = A.from([1, 2, 3]); return [a.map(x => x * 2).sum(), a.filter(Boolean) instanceof A, a.length]; })()`,
  }),
  ...kept({
    'class: private methods and brand checks': [
      `class A { #v = 1; #m() { return this.#v; } static #s = 5; static has(o) { return #v in o; } get m() { return this.#m() + A.#s; } static steal(o) { return o.#v; } }
       const a = new A();`,
      `[a.m, A.has(a), A.has({}), attempt(() => A.steal({}))]`,
    ],
    'class: order of initialisation': [
      `const order = []; const log = x => (order.push(x), x);
       class P { a = log('P.a'); constructor() { log('P()'); this.init?.(); } static s = log('P.s'); }
       class C extends P { [log('key')] = log('C.field'); b = log('C.b'); static { log('C.static'); } constructor() { log('before'); super(); log('after'); } init() { log('init ' + this.b); } }
       new C();`,
      `(new C(), order)`,
    ],
    'class: new.target and abstract': [
      `class Base { constructor() { if (new.target === Base) throw new TypeError('abstract'); this.kind = new.target.name; } } class D extends Base {}`,
      `[new D().kind, attempt(() => new Base()), attempt(() => Base()), attempt(() => { class X extends null {} new X(); })]`,
    ],
    'class: accessors, super and mixins': [
      `const Loud = B => class extends B { get name() { return super.name.toUpperCase(); } }; class N { get name() { return 'n' + this.x; } x = 1; } const made = new (Loud(N))();`,
      `(made.x += 1, [made.name, Object.getPrototypeOf(made).constructor.name])`,
    ],
    'class: toString of source text': [
      `class Kept { /* with its comment */ m ( a ) { return a } } function  odd ( a,b ) { return a+b }`,
      `[String(Kept), String(odd), String((x) => x), String(Math.max), attempt(() => new Function('a', 'return a')(1)), attempt(() => (0, eval)('1 + 1'))]`,
    ],
    'proxy: every trap': [
      `const seen = []; const handlerOf = new Proxy({}, { get: (_, trap) => (...args) => (seen.push(trap), Reflect[trap](...args)) }); const p = new Proxy(function () {}, handlerOf);`,
      `(p.a = 1, p.a, 'a' in p, delete p.a, Object.keys(p), Object.getPrototypeOf(p), Object.isExtensible(p), p(), new p(), Object.defineProperty(p, 'z', { value: 1, configurable: true }), Object.preventExtensions(p), seen)`,
    ],
    'proxy: invariants and revoking': [
      `const { proxy, revoke } = Proxy.revocable({ a: 1 }, {}); const bad = new Proxy(Object.freeze({ a: 1 }), { get: () => 2 });`,
      `[proxy.a, attempt(() => bad.a), (revoke(), attempt(() => proxy.a))]`,
    ],
    'weak references hold what is reachable': [
      `const target = { n: 1 }; const ref = new WeakRef(target); const set = new WeakSet([target]); const registry = new FinalizationRegistry(() => { throw new Error('never'); }); registry.register(target, 1); registry.register({}, 2);`,
      `[ref.deref() === target, ref.deref()?.n, set.has(target), registry.unregister({})]`,
    ],
    'cyclic objects stay cyclic': [
      `const loop = { name: 'loop' }; loop.self = loop; loop.list = [loop, new Map([[loop, loop]])];`,
      `[loop.self.self.name, loop.list[1].get(loop) === loop, attempt(() => JSON.stringify(loop)), structuredClone(loop).self.name]`,
    ],
    'dictionary of many keys, some deleted': [
      `const d = {}; for (let i = 0; i < 5000; i++) d['k' + i] = i; for (let i = 0; i < 5000; i += 3) delete d['k' + i];`,
      `(d.extra = http.url, [Object.keys(d).length, d.k1, d.k3, Object.keys(d).slice(-2)])`,
    ],
    'monkey patching what is built in': [
      `Array.prototype.last = function () { return this[this.length - 1]; }; const join = Array.prototype.join; Array.prototype.join = function (s) { return '<' + join.call(this, s) + '>'; };`,
      `[[1, 2].last(), [1, 2].join('-'), String([3, 4])]`,
    ],
    'global state': [
      `globalThis.shared = { n: 0 }; var alsoGlobal = 1; globalThis.undefinedYet ??= 'set';`,
      `[++globalThis.shared.n, typeof globalThis.alsoGlobal, undefinedYet, this === undefined, attempt(() => { notDeclared = 1; })]`,
    ],
  }),
];
