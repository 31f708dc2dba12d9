import { expressions, kept, type Sample } from '../sample.testing.ts';

/** Functions, closures, generators, iteration and control flow. */
export const FUNCTIONS: readonly Sample[] = [
  ...expressions({
    'function: names and lengths': `[(() => {}).name, (function f(a, b = 1, ...c) {}).length, ({ m() {} }).m.name, ({ get g() { return 1; } }, Object.getOwnPropertyDescriptor({ get g() { return 1; } }, 'g').get.name), (() => {}).bind().name]`,
    'function: arguments and defaults': `(function (a, b = a + 1, c = () => a) { a = 10; return [arguments.length, arguments[0], b, c()]; })(1)`,
    'function: bind, call, apply': `[Math.max.apply(null, [1, 5, 3]), (function () { return this; }).call(7), (function (...x) { return x; }).bind(null, 1).bind(null, 2)(3), attempt(() => Function.prototype.call.call(1))]`,
    'function: tagged templates': `((s, ...v) => [s, s.raw, v, Object.isFrozen(s)])\`a\\n\${1}b\${2}\``,
    'function: temporal dead zone': `[attempt(() => { x; let x = 1; }), attempt(() => { const y = 1; y = 2; }), attempt(() => typeof z === 'undefined' ? 'none' : 1), attempt(() => { class A extends A {} })]`,
    'function: closures in loops': `(() => { const a = [], b = []; for (let i = 0; i < 3; i++) a.push(() => i); for (var j = 0; j < 3; j++) b.push(() => j); return [a.map(f => f()), b.map(f => f())]; })()`,
    'control: labels, switch and comma': `(() => { const out = []; outer: for (let i = 0; i < 4; i++) { for (const j of [1, 2, 3]) { if (j === 2) continue outer; if (i === 3) break outer; switch (i) { case 0: out.push('zero'); case 1: out.push('one'); break; default: out.push(i, j); } } } return out; })()`,
    'control: finally wins': `[(() => { try { return 1; } finally { return 2; } })(), attempt(() => { try { throw new Error('a'); } finally { throw new Error('b'); } }), (() => { for (const x of [1, 2]) { try { continue; } finally { if (x === 2) return 'done'; } } })()]`,
    'control: for in with a prototype': `(() => { const seen = []; for (const k in Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true }, hidden: { value: 2 } })) seen.push(k); return seen; })()`,
    'iterator: closing on break': `(() => { const log = []; const it = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), return: v => (log.push('closed'), {}) }) }; for (const x of it) break; const [a] = it; return [log, a]; })()`,
    'iterator: helpers': `[typeof Iterator, attempt(() => [1, 2, 3, 4].values().filter(x => x % 2).map(x => x * 10).toArray()), attempt(() => Iterator.from({ next: () => ({ done: true }) }).take(2).toArray())]`,
    'iterator: not iterable': `[attempt(() => [...5]), attempt(() => new Map([1])), attempt(() => { for (const x of {}) {} }), attempt(() => { const [a] = null; })]`,
    'generator: return, throw and delegation': `(() => { function* inner() { try { yield 1; yield 2; } catch (e) { yield 'caught ' + e; } finally { yield 'cleanup'; } return 'r'; } function* outer() { const r = yield* inner(); yield r; } const g = outer(); return [g.next(), g.throw('x'), g.next(), g.next(), g.next(), outer().return(5)]; })()`,
    'generator: endless, taken lazily': `(() => { function* fib() { let [a, b] = [0n, 1n]; for (;;) { yield a; [a, b] = [b, a + b]; } } const out = []; for (const n of fib()) { if (n > 10n ** 30n) break; out.push(n); } return [out.length, out.at(-1)]; })()`,
    'generator: running already': `(() => { let g; g = (function* () { yield attempt(() => g.next()); })(); return g.next(); })()`,
    'bitwise and shifts': `[1 << 31, 1 << 32, -1 >>> 0, -1 >> 1, 2 ** 32 | 0, ~~'7.9', 5 & -2, 5 ^ 3, 1n << 70n, -5n >> 1n]`,
    'operators: equality': `[null == undefined, null == 0, '' == 0, [] == '', [1] == 1, NaN === NaN, Object.is(NaN, NaN), 0 === -0, '1' < '02', null >= 0, 2n == 2, 2n < 3.5]`,
    'operators: exponent and remainder': `[(-2) ** 3, 2 ** -1, -7 % 3, 7 % -3, -0 % 1, 5.5 % 2, 0 / 0, 1 / -0]`,
    'operators: addition of everything': `[1 + '2', '3' - 1, [] + {}, [1, 2] + [3], null + 1, undefined + 1, true + true, attempt(() => 1n + 1), attempt(() => Symbol() + '')]`,
    'sloppy code made by Function': `attempt(() => Function('a', 'with (a) { return b; }')({ b: 4 }))`,
    'tail of a long expression': `[${Array.from({ length: 150 }, (_, i) => i).join('+')}, ${'('.repeat(40)}1${')'.repeat(40)}]`,
  }),
  ...kept({
    'a generator stopped half way before the request': [
      `function* steps() { const got = yield 1; yield got; yield* [3, 4]; } const g = steps(); g.next();`,
      `[g.next(http.method), [...g]]`,
    ],
    'closures over what was counted at load': [
      `const counter = (() => { let n = 0; return () => ++n; })(); for (let i = 0; i < 1000; i++) counter();`,
      `[counter(), counter()]`,
    ],
    'hot code before the request': [
      `const mix = (a, b) => ((a * 31) ^ b) >>> 0; let warm = 7; for (let i = 0; i < 300_000; i++) warm = mix(warm, i);`,
      `[warm, mix(warm, http.url.length)]`,
    ],
    'memoised recursion': [
      `const memo = new Map(); const ways = n => n < 2 ? 1n : memo.get(n) ?? (memo.set(n, ways(n - 1) + ways(n - 2)), memo.get(n)); ways(200);`,
      `[memo.size, ways(300)]`,
    ],
    'mutual recursion of some depth': [
      `const even = n => n === 0 || odd(n - 1), odd = n => n !== 0 && even(n - 1);`,
      `[even(1000), odd(777)]`,
    ],
    'a tree built and walked': [
      `const tree = d => d === 0 ? { v: 1 } : { l: tree(d - 1), r: tree(d - 1), v: d }; const sum = t => t ? t.v + sum(t.l) + sum(t.r) : 0; const t = tree(11);`,
      `[sum(t), sum(tree(5))]`,
    ],
    'sieve, matrix and permutations': [
      `const sieve = n => { const p = new Uint8Array(n + 1); const out = []; for (let i = 2; i <= n; i++) if (!p[i]) { out.push(i); for (let j = i * i; j <= n; j += i) p[j] = 1; } return out; }; const primes = sieve(20_000);
       const perms = a => a.length < 2 ? [a] : a.flatMap((x, i) => perms(a.toSpliced(i, 1)).map(p => [x, ...p]));`,
      `[primes.length, primes.at(-1), perms([1, 2, 3, 4]).map(p => p.join('')), [[1, 2], [3, 4]].map(r => [[5, 6], [7, 8]].map((_, j) => r[0] * [5, 6][j] + r[1] * [7, 8][j]))]`,
    ],
  }),
];
