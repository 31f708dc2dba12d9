import { expressions, kept, type Sample } from '../sample.testing.ts';

/** Numbers, big integers and dates. */
export const NUMBERS: readonly Sample[] = [
  ...expressions({
    'number: to text': `[1e21, 1e-7, 123456789012345680000, 0.000001, (25).toString(2), (0.1).toString(3), (-255.5).toString(16), (1e300).toString(36).length, attempt(() => (1).toString(1))]`,
    'number: fixed, precise, exponential': `[(1.45).toFixed(1), (8.345).toFixed(2), (1e21).toFixed(2), (0).toPrecision(3), (123.456).toPrecision(4), (1e-10).toExponential(2), attempt(() => (1).toFixed(101))]`,
    'number: from text': `[Number(''), Number(' 12 '), Number('0x1F'), Number('0b11'), Number('1_000'), 1_000, parseInt('12px'), parseInt('z', 36), parseFloat('.5e1x'), Number(null), Number([7]), Number('Infinity'), Number('１')]`,
    'number: limits': `[Number.MAX_VALUE * 10, Number.MIN_VALUE / 2, Number.EPSILON, 2 ** 53 === 2 ** 53 + 1, Number.isSafeInteger(2 ** 53), Number.isInteger(5.0), -1 / Infinity, 0.1 * 3, 9007199254740993]`,
    'math: functions': `['sin', 'cos', 'tan', 'atan', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'cbrt', 'sqrt', 'sinh', 'tanh', 'asinh', 'fround', 'clz32', 'sign', 'trunc', 'round', 'ceil', 'floor', 'acosh', 'atanh'].map(f => [f, Math[f](0.7), Math[f](-2.5), Math[f](1e10)])`,
    'math: of several numbers': `[Math.hypot(3, 4, 12), Math.atan2(-0, -1), Math.imul(0xffffffff, 5), Math.max(), Math.min(), Math.max(NaN, 1), Math.pow(2, 0.5), Math.round(-0.5), Math.round(2.5), Math.max(-0, 0)]`,
    'bigint: arithmetic': `[-7n / 2n, -7n % 2n, 2n ** 200n, -(1n << 64n), 0xffn & 0x0fn, ~5n, BigInt.asIntN(8, 255n), BigInt.asUintN(64, -1n), (123n ** 20n).toString(36)]`,
    'bigint: conversions and errors': `[BigInt('0x1f'), BigInt(' 12 '), Number(2n ** 64n), parseInt('9007199254740993n'), attempt(() => BigInt(1.5)), attempt(() => BigInt('x')), attempt(() => 1n / 0n), attempt(() => Math.max(1n)), attempt(() => +1n), attempt(() => 2n ** -1n)]`,
    'bigint: thousand digits': `(() => { let f = 1n; for (let i = 2n; i <= 400n; i++) f *= i; return [String(f).length, String(f).slice(0, 20), String(f / 3n ** 100n).length]; })()`,
    'date: calendar': `[Date.UTC(2026, 1, 29), new Date(Date.UTC(2024, 1, 29)).toISOString(), new Date(8.64e15 + 1).getTime(), attempt(() => new Date(NaN).toISOString()), new Date(2026, 0, 31, 25).toISOString(), new Date(0).getTimezoneOffset()]`,
    'date: parsing': `['2026-08-01', '2026-08-01T10:00', '2026-08-01T10:00:00.5+02:00', 'Sat, 01 Aug 2026 10:00:00 GMT', '2026-13-01', '+012026-01-01T00:00:00Z', 'August 1, 2026', '1 2', ''].map(t => Date.parse(t))`,
    'date: to text': `(d => [d.toString(), d.toUTCString(), d.toJSON(), d.toDateString(), d.toTimeString(), d.toLocaleString(), d[Symbol.toPrimitive]('number'), d.getDay(), d.getYear()])(new Date(Date.UTC(1999, 11, 31, 23, 59, 59, 999)))`,
    'date: setters overflow': `(d => [d.setUTCMonth(14), d.setUTCDate(0), d.setUTCHours(48, 61, 61, 1001), d.setTime(NaN), d.setUTCDate(1)])(new Date(0))`,
    'date: arithmetic and comparing': `[new Date(5) - new Date(2), new Date(1) < new Date(2), new Date(0) + 1, new Date(new Date(7)).getTime(), Date.length, typeof Date(), new Date(2026, 5).getMonth()]`,
  }),
  ...kept({
    // The official tool lets the clock go on while a source is loaded, ours stands still from the start.
    'clock: stands still while a request runs': [
      `const loaded = Date.now();`,
      `(() => { const first = Date.now(); for (let i = 0, n = 0; i < 100_000; i++) n += i; return [first === Date.now(), loaded <= first, first === +new Date(), new Date(loaded).toISOString().length]; })()`,
    ],
    'random: the same at each start': [
      `const draw = n => Array.from({ length: n }, () => Math.random());`,
      `[draw(5), new Set(draw(50)).size]`,
    ],
    'random: shuffled twice': [
      `const shuffle = a => a.map(x => [Math.random(), x]).sort((p, q) => p[0] - q[0]).map(p => p[1]);`,
      `[shuffle([1, 2, 3, 4, 5]).sort(), shuffle([1]).length]`,
    ],
    'random: bytes and ids': [
      `const can = typeof crypto;`,
      `[can, attempt(() => crypto.getRandomValues(new Uint8Array(8))), attempt(() => crypto.randomUUID()), attempt(() => crypto.getRandomValues(new Float64Array(1)))]`,
    ],
  }),
];
