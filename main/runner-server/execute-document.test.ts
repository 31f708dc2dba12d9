import { describe, expect, test } from 'vitest';
import { isJson, readDocument } from './execute-document.ts';

const MINIMAL = {
  context: { tenant_id: 't', extension_id: 'e', content_hash: 'h' },
  http: { method: 'GET', path: '/' },
  limits: { timeout_ms: 1 },
};
const USER = { user_id: 'u', user_email: 'u@x.example', user_name: 'U', user_type: 'internal' };

function read(document: unknown): ReturnType<typeof readDocument> {
  return readDocument(Buffer.from(JSON.stringify(document)));
}

/** The minimal document with one field set by its dotted name; undefined leaves it out. */
function withField(name: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(MINIMAL) as Record<string, Record<string, unknown>>;
  const [first = '', second] = name.split('.');
  if (second === undefined) return { ...copy, [first]: value };
  return { ...copy, [first]: { ...copy[first], [second]: value } };
}

test('what may be left out has the defaults of the table (spec 4.2)', () => {
  expect(read(MINIMAL)).toEqual({
    context: { tenant_id: 't', extension_id: 'e', content_hash: 'h', config: {} },
    http: { method: 'GET', path: '/', query: {}, headers: {} },
    limits: { timeout_ms: 1 },
    providers: [],
  });
  expect(read(withField('user', USER))).toMatchObject({ user: { ...USER, additional_fields: {} } });
});

describe('each row of spec 4.2', () => {
  // Field, values it takes, values that are another shape.
  const rows: [string, unknown[], unknown[]][] = [
    ['context.request_id', ['r', null, undefined], [1]],
    ['context.tenant_id', ['t'], [undefined, null, 1]],
    ['context.extension_id', ['e'], [undefined, null]],
    ['context.install_id', ['i', null, undefined], [{}]],
    ['context.content_hash', ['h'], [undefined, null]],
    ['context.version_id', ['v', null, undefined], [false]],
    ['context.config', [{ a: 'b' }, {}, undefined], [{ a: 1 }, [], null]],
    ['http.method', ['PURGE'], [undefined, null]],
    ['http.path', ['/a?b'], [undefined, null]],
    ['http.query', [{ a: 'b' }, undefined], [{ a: ['b'] }, null]],
    ['http.headers', [{ A: 'b' }, undefined], [{ A: 1 }, null]],
    ['http.body_b64', ['', 'YQ==', 'not base64!', null, undefined], [1]],
    ['limits.timeout_ms', [0, 18_446_744_073_709_550_000, null, undefined], [-1, 1.5, '1', 2 ** 64]],
    ['limits.memory_mb', [1, null, undefined], [-1, '1']],
    ['limits.fuel', [1, null, undefined], [-1]],
    ['providers', [[], ['cap:http.fetch'], undefined], [null, [1], 'cap:http.fetch']],
    ['secret_envelope', [{ ciphertext_b64: '' }, null, undefined], [{}, { ciphertext_b64: 1 }]],
    ['user', [USER, null, undefined], [{}, { ...USER, user_type: 'robot' }]],
  ];
  test.each(rows)('%s', (name, taken, refused) => {
    for (const value of taken)
      expect(read(withField(name, value)), `takes ${String(value)}`).not.toHaveProperty('status');
    for (const value of refused)
      expect(read(withField(name, value)), `refuses ${String(value)}`).toHaveProperty('status', 422);
  });

  test.each(['user_id', 'user_email', 'user_name', 'user_type'])('user.%s is required', name => {
    expect(read(withField('user', { ...USER, [name]: undefined }))).toHaveProperty('status', 422);
  });

  test.each([
    [{ client_name: 'Acme' }, true],
    [{ company_name: 'Acme' }, true],
    [{ client_name: 'Acme', company_name: 'Acme' }, false],
    [{ client_name: null }, false],
    [{ client_id: null }, true],
    [{ client_id: 'c' }, true],
    [{ additional_fields: { locale: 'en' } }, true],
    [{ additional_fields: { locale: 1 } }, false],
  ])('user with %o is taken: %s', (more, taken) => {
    expect('status' in read(withField('user', { ...USER, ...more }))).toBe(!taken);
  });

  test('unknown members are ignored at every level', () => {
    const document = {
      ...withField('http.url', '/x'),
      endpoint: '/api',
      config: { a: 1 },
      context: { ...MINIMAL.context, trigger: 'schedule', schedule_id: 7 },
    };
    expect(read(document)).toEqual(read(MINIMAL));
  });
});

test.each([
  ['nothing', ''],
  ['half a document', '{"context":'],
  ['a byte order mark', '\uFEFF{}'],
  ['half a surrogate pair', '{"context":"\\ud800"}'],
  ['half a surrogate pair deep inside', '{"a":[{"b":["\\uDFFF"]}]}'],
])('%s is no JSON: 400', (_name, text) => {
  expect(readDocument(Buffer.from(text))).toHaveProperty('status', 400);
});

test('bytes that are not UTF-8 are no JSON, and a whole surrogate pair is', () => {
  expect(readDocument(Buffer.from([0x22, 0xff, 0x22]))).toHaveProperty('status', 400);
  expect(readDocument(Buffer.from('"\\ud83d\\ude00"'))).toHaveProperty('status', 422);
});

test('a document of great depth is answered, not a crash', () => {
  expect(readDocument(Buffer.from('['.repeat(500_000)))).toHaveProperty('status', 400);
});

test.each([
  ['application/json', true],
  ['Application/JSON; charset=utf-8', true],
  ['application/problem+json', true],
  ['text/plain', false],
  ['application/jsonp', false],
  ['', false],
  [undefined, false],
])('media type %s is JSON: %s', (type, json) => {
  expect(isJson(type)).toBe(json);
});
