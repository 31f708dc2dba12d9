import { expressions, kept, type Sample } from '../sample.testing.ts';

/** Maps, sets, typed arrays and buffers. */
export const COLLECTIONS: readonly Sample[] = [
  ...expressions({
    'map: keys of every kind': `(m => [m.size, m.get(NaN), m.get(-0), [...m.keys()].map(String)])(new Map([[NaN, 1], [0, 2], ['0', 3], [null, 4], [undefined, 5], [1n, 6], [true, 7]]))`,
    'map: changed while it is walked': `(() => { const m = new Map([[1, 1], [2, 2], [3, 3]]); const seen = []; for (const [k] of m) { seen.push(k); if (k === 1) { m.delete(2); m.set(4, 4); } if (seen.length > 9) break; } return [seen, typeof Map.groupBy, attempt(() => [...Map.groupBy([1, 2, 3], x => x % 2)])]; })()`,
    'set: algebra': `['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isDisjointFrom'].map(f => [f, attempt(() => { const r = new Set([1, 2, 3])[f](new Set([3, 4])); return typeof r === 'boolean' ? r : [...r]; })])`,
    'weak collections refuse what is no object': `[attempt(() => new WeakMap().set(1, 1)), attempt(() => new WeakSet().add('a')), attempt(() => new WeakRef(1)), attempt(() => new WeakMap().set(Symbol.for('x'), 1))]`,
    'bytes: conversions between element types': `[Uint8Array, Int8Array, Uint8ClampedArray, Int16Array, Uint32Array, Float32Array, Float64Array].map(T => T.from([300, -1, 1.5, NaN, 2 ** 32 + 1])).concat([BigInt64Array.of(2n ** 63n)])`,
    'bytes: views of one buffer': `(b => { const u = new Uint8Array(b); new DataView(b).setUint32(0, 0x01020304); new Uint16Array(b, 4, 1)[0] = 0x0506; return [u, u.subarray(1, 3).byteOffset, new Float32Array(b)[0] !== 0]; })(new ArrayBuffer(8))`,
    'bytes: out of bounds': `[attempt(() => new Uint16Array(new ArrayBuffer(3))), attempt(() => new DataView(new ArrayBuffer(2)).getInt32(0)), new Uint8Array(2)[5], attempt(() => new Uint8Array(-1)), attempt(() => new Uint8Array(2).set([1, 2, 3])), attempt(() => new ArrayBuffer(2 ** 40))]`,
    'bytes: every number of a view': `(v => { v.setBigInt64(0, -5n); v.setFloat32(8, 1 / 3, true); v.setUint16(12, 70000); return [v.getBigUint64(0), v.getBigInt64(0), v.getFloat32(8, true), v.getUint16(12), v.getInt8(7), v.getFloat64(0)]; })(new DataView(new ArrayBuffer(16)))`,
    'bytes: copying and moving': `[new Uint8Array([1, 2, 3, 4, 5]).copyWithin(0, 3), new Uint8Array([3, 1, 2]).sort(), new Uint8Array([1, 2, 3]).toReversed(), new Float64Array([3, -0, 0, NaN, -1]).sort(), new Uint8Array([1, 2]).slice(1), new Uint8Array([1, 2, 3]).fill(9, 1)]`,
    'bytes: resizing and transfer': `[attempt(() => { const b = new ArrayBuffer(2, { maxByteLength: 8 }); const u = new Uint8Array(b); b.resize(4); return [u.length, b.resizable]; }), attempt(() => { const b = new ArrayBuffer(4); const c = b.transfer(8); return [b.detached, c.byteLength, attempt(() => new Uint8Array(b))]; }), typeof SharedArrayBuffer, typeof Atomics]`,
    'bytes: base64 and hex': `[btoa('\\x00\\xff'), attempt(() => btoa('€')), attempt(() => atob('###')), atob(' aG k= '), attempt(() => new Uint8Array([255, 0]).toBase64()), attempt(() => Uint8Array.fromHex('ff00'))]`,
    'bytes: text decoding': `['utf-8', 'latin1', 'utf-16le', 'nope'].map(e => attempt(() => new TextDecoder(e).decode(new Uint8Array([0xc3, 0xa4, 0xff, 0x41])))).concat([attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff]))), attempt(() => new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])).length)])`,
    'bytes: text encoding': `[new TextEncoder().encode('ä\\ud800😀'), attempt(() => new TextEncoder().encodeInto('äö', new Uint8Array(3))), new TextEncoder().encoding]`,
    'structured clone': `[attempt(() => { const c = structuredClone({ m: new Map([[1, new Set([2])]]), d: new Date(0), r: /a/g, e: new RangeError('x'), b: new Uint8Array([1]), n: -0, i: 5n }); return [[...c.m.get(1)], +c.d, String(c.r), c.e.name, c.b, c.n, c.i]; }), attempt(() => structuredClone(() => 1)), attempt(() => structuredClone(Symbol()))]`,
  }),
  ...kept({
    'collections filled at load, changed at request': [
      `const m = new Map(Array.from({ length: 3000 }, (_, i) => ['k' + i, { i }])); for (let i = 0; i < 3000; i += 2) m.delete('k' + i); const s = new Set(m.values());`,
      `(m.set('new', { i: -1 }), s.delete(m.get('k1')), [m.size, s.size, [...m.keys()].slice(-2), m.get('k2999').i])`,
    ],
    'objects as hidden keys after collecting garbage': [
      `const keys = Array.from({ length: 2000 }, (_, i) => ({ i })); const w = new WeakMap(keys.map(k => [k, k.i])); keys.length = 500; for (let i = 0; i < 200_000; i++) ({ i });`,
      `keys.every(k => w.get(k) === k.i)`,
    ],
    'two megabytes of bytes in the image': [
      `const big = new Uint8Array(2 ** 21); for (let i = 0; i < big.length; i += 64) big[i] = i / 64; const tail = big.subarray(-4096);`,
      `[big.filter(b => b === 7).length, tail[0], big.length]`,
    ],
    'sixty-four megabytes at request only': [
      `let held;`,
      `(held = new Uint8Array(64 * 2 ** 20).fill(3), [held.length, held.at(-1)])`,
    ],
    'arrays sparse, long and of doubles': [
      `const sparse = []; sparse[100_000] = 1; const doubles = Array.from({ length: 5000 }, (_, i) => i + 0.5); const mixed = [1, 1.5, 'a', null, {}, [], undefined]; mixed.length = 1000;`,
      `[sparse.length, sparse.filter(Boolean), doubles.reduce((a, b) => a + b), mixed.indexOf(null), mixed.lastIndexOf('a'), mixed.length]`,
    ],
    'memory that has no bounds': [
      `const more = []; const grow = () => { for (;;) more.push(new Uint8Array(2 ** 24).fill(1)); };`,
      `http.method === 'POST' ? attempt(() => grow()).name : more.length`,
    ],
  }),
];
