import { expressions, kept, type Sample } from '../sample.testing.ts';

const { raw } = String;

/** Strings, regular expressions and JSON. */
export const TEXT: readonly Sample[] = [
  ...expressions({
    'text: surrogates': raw`['\ud83d\ude00'.length, '😀'.codePointAt(0), '😀'.charCodeAt(1), [...'a😀b'].length, '\ud800x'.isWellFormed?.(), '\ud800x'.toWellFormed?.(), String.fromCodePoint(0x1f600), attempt(() => String.fromCodePoint(-1))]`,
    'text: a lone surrogate in the answer': raw`'\ud800 and \udc00'`,
    'text: normalisation': raw`['NFC', 'NFD', 'NFKC', 'X'].map(f => attempt(() => [...'ﬁé①Å'.normalize(f)].length))`,
    'text: case of odd letters': `['İ'.toLowerCase().length, 'ΌΣΟΣ'.toLowerCase(), 'ŉ'.toUpperCase(), 'ǆ'.toUpperCase(), 'straße'.toUpperCase(), 'I'.toLocaleLowerCase('tr')]`,
    'text: comparing': `['a'.localeCompare('b'), 'ä'.localeCompare('z'), ['ä', 'z', 'a', 'Z'].sort(), ['ä', 'z', 'a', 'Z'].sort((a, b) => a.localeCompare(b))]`,
    'text: cutting': `['abcdef'.slice(-3, -1), 'abcdef'.substring(4, 1), 'abcdef'.substr(-2), 'abc'.at(-1), 'a-b--c'.split('-'), 'abc'.split(''), 'a1b2'.split(/(\\d)/), 'x'.repeat(3), attempt(() => 'x'.repeat(-1))]`,
    'text: trimming every space': raw`['\u00a0\ufeff\u3000\t a \n\u2028'.trim(), ' a '.trimStart(), ' a '.trimEnd(), '\u200b'.trim().length]`,
    'text: padding and searching': `['5'.padStart(3, 'ab'), '5'.padEnd(6, '😀').length, 'banana'.lastIndexOf('a', -5), 'banana'.indexOf('', 99), 'banana'.includes('nan', 3), attempt(() => 'a'.startsWith(/a/)), 'aXbX'.replaceAll('X', '$&$&')]`,
    'text: replacing with a function': raw`'2026-08-01'.replace(/(?<y>\d+)-(?<m>\d+)/, (all, y, m, at, whole, groups) => JSON.stringify([all, y, m, at, whole, groups]))`,
    'text: raw and escapes': raw`[String.raw${'`'}\n\u{1}${'`'}, '\x41\u0042\u{43}\0'.length, 'a\
b', '\v\f\b'.length]`,
    'text: uri coding': `[encodeURIComponent('ä/&😀'), encodeURI('ä/&?#'), decodeURIComponent('%F0%9F%98%80'), attempt(() => decodeURIComponent('%E4')), attempt(() => encodeURIComponent('\\ud800')), escape('ü€'), unescape('%u20AC')]`,
    'text: html of old': `['a'.anchor('"'), 'b'.bold(), 'x'.link('y')]`,
    'text: intl': `[typeof Intl, attempt(() => (1234567.891).toLocaleString('de-DE')), attempt(() => new Date(0).toLocaleDateString('en-GB', { timeZone: 'UTC' })), attempt(() => new Intl.NumberFormat('en').format(1e6)), attempt(() => [...new Intl.Segmenter('en').segment('ab')].length)]`,
    'text: a very long string': `(() => { let s = ''; for (let i = 0; i < 20_000; i++) s += i; return [s.length, s.slice(-10), s.indexOf('1999'), attempt(() => 'x'.repeat(2 ** 30))]; })()`,
    'regex: flags': raw`[/./s.test('\n'), /^b/m.test('a\nb'), /\u{1f600}/u.test('😀'), /a/y.test('ba'), [...'aAa'.matchAll(/a/gi)].map(m => m.index), /a(?<n>b)?/d.exec('xab').indices[0], new RegExp('a', 'gimsuyd').flags]`,
    'regex: look around and back': raw`['price: $30 €40'.match(/(?<=\$)\d+/)[0], 'ab12'.match(/\d(?!.)/)[0], /(a)(?:b)\1/.test('aba'), /(?<q>['"]).*?\k<q>/.exec('say "it\'s"')[0], 'abc'.replace(/(?<!a)c/, 'X')]`,
    'regex: unicode properties and sets': raw`[attempt(() => new RegExp('^\\p{Lu}\\p{Script=Greek}$', 'u').test('ΑΩ')), attempt(() => 'a1β٣'.match(new RegExp('\\p{Nd}', 'gu'))), attempt(() => new RegExp('[^\\W_]+', 'iu').exec('ſK')?.[0]), attempt(() => new RegExp('[\\p{L}--[a-z]]', 'v').test('a')), attempt(() => new RegExp('\\p{Nope}', 'u'))]`,
    'regex: lastIndex and sticky': raw`(() => { const r = /o/g; const out = []; let m; while ((m = r.exec('foo boo'))) out.push([m.index, r.lastIndex]); r.lastIndex = 99; return [out, r.test('o'), r.lastIndex]; })()`,
    'regex: syntax errors': `['(', '[b-a]', 'a{2,1}', '(?<n>a)(?<n>b)', '\\\\k<x>(?<y>)', '*'].map(p => attempt(() => String(new RegExp(p))))`,
    'regex: backtracking': raw`[/^(a+)+$/.test('a'.repeat(18) + 'b'), /(x+x+)+y/.test('x'.repeat(14)), /^(?:a|ab)(?:c|bcd)(?:d*)$/.exec('abcd')[0]]`,
    'regex: split, search and symbols': raw`['a, b ,c'.split(/\s*,\s*/), 'a1b2c3'.split(/\d/, 2), 'xyz'.search(/z/), 'aaa'.replace(/a/g, (_, i) => i), 'abc'.match({ [Symbol.match]: s => s + '!' }), RegExp.prototype.toString.call(/a\/b/g)]`,
    'json: numbers and odd values': `JSON.parse('[1e400, -0, 1E-400, 12345678901234567890, "\\\\ud83d", "\\\\u0000"]')`,
    'json: errors': `['', '{', '{"a":1,}', "{'a':1}", '[1,]', 'undefined', '\\u00a01', '"\\n"', '01', '1 2'].map(t => attempt(() => JSON.parse(t)))`,
    'json: reviver and replacer': `[JSON.parse('{"a":[1,{"b":2}]}', function (k, v) { return typeof v === 'number' ? v + k : v; }), JSON.stringify({ a: 1, b: { a: 2, c: 3 } }, ['a', 'b']), JSON.stringify({ d: new Date(0), u: undefined, f() {}, s: Symbol(), n: NaN, m: new Map([[1, 2]]) })]`,
    'json: indents and separators': raw`[JSON.stringify({ a: [1, {}], b: [] }, null, 2), JSON.stringify([1], null, '--'), JSON.stringify([1], null, 20), JSON.stringify('\u2028\u007f\ud800')]`,
    'json: toJSON and big integers': `[JSON.stringify({ toJSON: k => 'k' + k }), JSON.stringify({ x: { toJSON: k => 'k' + k } }), attempt(() => JSON.stringify(1n)), attempt(() => JSON.stringify({ get a() { throw new Error('g'); } })), JSON.stringify(Object.create({ inherited: 1 }))]`,
    'json: deep nesting': `[JSON.stringify(JSON.parse('['.repeat(50) + ']'.repeat(50))).length, attempt(() => JSON.stringify(JSON.parse('['.repeat(5000) + ']'.repeat(5000))).length).name, attempt(() => JSON.parse('['.repeat(200_000)).length).name]`,
    'json: duplicate and odd keys': `[JSON.parse('{"a":1,"a":2,"":3,"1":4,"constructor":5}'), JSON.stringify({ '': 0, '\\n': 1 })]`,
  }),
  ...kept({
    'regex: state kept from the load': [
      `const r = /\\d/g; r.exec('1 2 3'); const cache = new Map(Array.from({ length: 200 }, (_, i) => [i, new RegExp('^x{' + i + '}$')])); for (const [i, x] of cache) x.test('x'.repeat(i));`,
      `[r.lastIndex, r.exec('1 2 3')?.[0], cache.get(7).test('xxxxxxx'), cache.get(8).test('x')]`,
    ],
    'text: ropes and interned strings': [
      `let rope = 'start'; for (let i = 0; i < 3000; i++) rope = rope + '-' + i; const names = Array.from({ length: 3000 }, (_, i) => 'name' + (i % 50)); const unique = new Set(names);`,
      `[rope.length, rope.at(-1), unique.size, rope.includes('-2999'), unique.has('name' + 49)]`,
    ],
    'json: a large document from the load': [
      `const text = JSON.stringify(Array.from({ length: 4000 }, (_, i) => ({ id: i, tags: ['a' + (i % 7)], ok: i % 2 === 0, none: null, f: i / 3 }))); const parsed = JSON.parse(text);`,
      `[text.length, parsed[3999], JSON.stringify(parsed) === text, JSON.parse(text).length]`,
    ],
  }),
];
