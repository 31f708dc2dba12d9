import type { Sample } from '../sample.testing.ts';

/** A sample with one response for each path. */
function responses(name: string, byPath: Readonly<Record<string, string>>): Sample {
  const cases = Object.entries(byPath).map(([path, value]) => `'/${path}': () => (${value})`);
  return {
    name: `response: ${name}`,
    source: `const made = { ${cases.join(',\n')} };\nexport function handler({ http }) { return made[http.url](); }`,
    requests: Object.keys(byPath).map(path => `GET /${path}`),
  };
}

const body = (value: string): string => `{ status: 200, headers: [], body: ${value} }`;
const status = (value: string): string => `{ status: ${value}, headers: [] }`;
const headers = (value: string): string => `{ status: 200, headers: ${value} }`;

/** What a handler may hand back, and what it is given. */
export const RESPONSES: readonly Sample[] = [
  responses('statuses', {
    zero: status('0'),
    low: status('99'),
    teapot: status('418'),
    most: status('65535'),
    over: status('65536'),
    minus: status('-1'),
    half: status('200.7'),
    nan: status('NaN'),
    text: status(`'abc'`),
    none: status('undefined'),
    big: status('200n'),
    object: status('{ valueOf: () => 207 }'),
    truth: status('true'),
  }),
  responses('bodies', {
    none: body('undefined'),
    empty: body('new Uint8Array()'),
    zero: body('new Uint8Array([0, 128, 255])'),
    part: body('new Uint8Array([1, 2, 3, 4]).subarray(1, 3)'),
    buffer: body('new Uint8Array([1, 2]).buffer'),
    words: body('new Uint16Array([1, 256])'),
    view: body('new DataView(new ArrayBuffer(2))'),
    array: body('[1, 2, 3]'),
    text: body(`'text'`),
    number: body('5'),
    object: body('{ length: 2, 0: 65, 1: 66 }'),
    null: body('null'),
    detached: body(
      `(() => { const u = new Uint8Array(4); structuredClone(u.buffer, { transfer: [u.buffer] }); return u; })()`,
    ),
    large: body('new Uint8Array(1_000_000).map((_, i) => i * 31)'),
  }),
  responses('headers', {
    twice: headers(`[{ name: 'a', value: '1' }, { name: 'A', value: '2' }, { name: 'a', value: '1' }]`),
    none: headers('undefined'),
    null: headers('null'),
    object: headers(`{ a: '1' }`),
    map: headers(`new Map([['a', '1']])`),
    iterable: headers(`new Set([{ name: 'a', value: 'b' }])`),
    number: headers(`[{ name: 'a', value: 5 }]`),
    unicode: headers(`[{ name: 'ü', value: '\\ud83d\\ude00' }, { name: '', value: '' }]`),
    lines: headers(`[{ name: 'a', value: 'b\\r\\nc: d\\0' }]`),
    surrogate: headers(`[{ name: 'a', value: '\\ud800' }]`),
    pairs: headers(`[['a', 'b']]`),
    symbol: headers(`[{ name: 'a', value: Symbol('s') }]`),
    many: headers(`Array.from({ length: 500 }, (_, i) => ({ name: 'h' + i, value: 'v'.repeat(i % 20) }))`),
  }),
  responses('other shapes', {
    extra: `{ status: 200, headers: [], body: undefined, more: 1 }`,
    getter: `{ get status() { return 202; }, get headers() { return []; } }`,
    throwing: `{ get status() { throw new Error('getter'); }, headers: [] }`,
    instance: `new (class { status = 203; headers = []; })()`,
    inherited: `Object.create({ status: 204, headers: [] })`,
    text: `'text'`,
    number: `5`,
    array: `[200, []]`,
    function: `() => ({ status: 200, headers: [] })`,
    response: `new Response('x')`,
    promise: `Promise.resolve({ status: 205, headers: [] })`,
    twice: `Promise.resolve(Promise.resolve({ status: 206, headers: [] }))`,
  }),
  {
    name: 'request: bodies and methods as they came',
    source: `export function handler({ http }) { return answer([http.method, http.url, http.headers, http.body === undefined, http.body instanceof Uint8Array, http.body?.length, http.body && new TextDecoder().decode(http.body)]); }`,
    requests: [
      'GET /',
      'POST /empty ',
      'POST /json {"a":"ä"}',
      'patch /lower x',
      'OPTIONS *',
      'X-ODD /?q=%00&ü=1#part',
      `PUT /large ${'0123456789'.repeat(20_000)}`,
    ],
  },
  {
    name: 'request: the body handed back without a copy',
    source: `export const handler = ({ http }) => ({ status: 200, headers: http.headers, body: http.body });`,
    requests: ['GET /', 'POST / ', 'POST / bytes', `POST / ${'x'.repeat(300_000)}`],
  },
  {
    name: 'request: a small router',
    source: `const routes = [['GET', /^\\/items\\/(?<id>\\d+)$/, p => answer(p)], ['POST', /^\\/items$/, (_, http) => answer(JSON.parse(new TextDecoder().decode(http.body)), 201)], ['GET', /^\\/$/, () => answer('home')]];
      export function handler({ http }) {
        const path = http.url.split('?')[0];
        for (const [method, pattern, run] of routes) { const found = method === http.method && pattern.exec(path); if (found) return run(found.groups, http); }
        return answer({ error: 'not found', path }, 404);
      }`,
    requests: [
      'GET /',
      'GET /items/5?x=1',
      'POST /items {"n":1}',
      'POST /items {broken',
      'POST /items',
      'DELETE /',
    ],
  },
];
