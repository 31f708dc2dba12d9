import { describe, expect, test } from 'vitest';
import { createMasker, MASK, maskerFor } from './mask.ts';
import { isSensitiveName } from './sensitive-headers.ts';

const NO_LIMIT = 10_000_000;
const maskText = (text: string, ...secrets: string[]): string => createMasker(secrets).text(text, NO_LIMIT);
const maskBytes = (bytes: Uint8Array, limit: number, ...secrets: string[]): string =>
  Buffer.from(createMasker(secrets).bytes(bytes, limit)).toString();

/** A small generator, so that a failing case can be run again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
function randomText(random: (below: number) => number, alphabet: string, length: number): string {
  const characters = Array.from(alphabet);
  return Array.from({ length }, () => characters[random(characters.length)] ?? '').join('');
}

describe('secret values', () => {
  const secret = 'p@ss "word"/ü&1\n';
  const forms: [string, string][] = [
    ['as it is', secret],
    ['in JSON', JSON.stringify({ a: secret })],
    ['in JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: secret }) })],
    ['in JSON with escaped slashes', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['in JSON in ASCII', JSON.stringify(secret).replace('ü', '\\u00fc')],
    ['in a path', `/x/${encodeURIComponent(secret)}`],
    ['in a path, small hex', encodeURIComponent(secret).toLowerCase()],
    ['in a form', new URLSearchParams({ q: secret }).toString()],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 without padding', Buffer.from(secret).toString('base64').replaceAll('=', '')],
    ['in URL-safe base64', Buffer.from(secret).toString('base64url')],
  ];

  test.each(forms)('%s', (_, text) => {
    const masked = maskText(`before ${text} after`, secret);
    expect(masked).toContain(MASK);
    expect(masked).toMatch(/^before .* after$/s);
    expect(masked).not.toContain('word');
    expect(masked).not.toContain(Buffer.from('word').toString('base64').slice(0, 4));
  });

  test.each(forms)('%s, as bytes', (_, text) => {
    const masked = maskBytes(Buffer.from(`before ${text} after`), NO_LIMIT, secret);
    expect(masked).toContain(MASK);
    expect(masked).not.toContain('word');
  });

  test('text around it stays', () => {
    expect(maskText('{"key":"abcd1234","n":1}', 'abcd1234')).toBe(`{"key":"${MASK}","n":1}`);
  });

  test('overlapping secrets leave nothing of either', () => {
    expect(maskText('xx abcdefgh yy', 'abcdef', 'efgh')).toBe(`xx ${MASK} yy`);
    expect(maskText('aaaaaaa', 'aaaa')).toBe(MASK);
  });

  test('a short secret goes where it stands alone only, an empty one nowhere', () => {
    expect(maskText('ab {"a":"ab"} abc cab', 'ab', '')).toBe(`${MASK} {"a":"${MASK}"} abc cab`);
  });

  test('a lone surrogate is no reason to fail', () => {
    expect(maskText('x abc\ud800def y', 'abc\ud800def')).toBe(`x ${MASK} y`);
  });

  test('the values are read anew, and the masker made anew only for others', () => {
    let values: string[] = [];
    const masker = maskerFor(() => values);
    const first = masker();
    expect(first.text('abcd', NO_LIMIT)).toBe('abcd');
    values = ['abcd'];
    expect(masker().text('abcd', NO_LIMIT)).toBe(MASK);
    expect(masker()).toBe(masker());
    values = ['abcd'];
    expect(masker()).toBe(masker());
  });
});

describe('properties', () => {
  const alphabets = ['abcdef0123', 'aA1+/="\\ ', 'äß€😀"\\\n', 'ab'];

  test('no secret of four characters or more survives in any form', () => {
    const random = randomFrom(7);
    for (let round = 0; round < 400; round += 1) {
      const alphabet = alphabets[round % alphabets.length] ?? '';
      const secrets = Array.from({ length: 1 + random(3) }, () =>
        randomText(random, alphabet, 4 + random(24)),
      );
      const pieces = Array.from({ length: 6 }, () => {
        const secret = secrets[random(secrets.length)] ?? '';
        const noise = randomText(random, alphabet, random(10));
        const json = JSON.stringify({ a: noise + secret });
        return [
          noise,
          secret,
          json,
          JSON.stringify(json),
          encodeURIComponent(secret),
          Buffer.from(secret).toString('base64'),
        ][random(6)];
      });
      const text = pieces.join('|');
      const masked = maskText(text, ...secrets);
      const maskedBytes = maskBytes(Buffer.from(text), NO_LIMIT, ...secrets);
      for (const secret of secrets) {
        const escaped = JSON.stringify(secret).slice(1, -1);
        const forms = [
          secret,
          escaped,
          JSON.stringify(escaped).slice(1, -1),
          encodeURIComponent(secret),
          Buffer.from(secret).toString('base64'),
        ];
        for (const form of forms) {
          expect(masked, `secret ${JSON.stringify(secret)} in ${text}`).not.toContain(form);
          expect(maskedBytes).not.toContain(form);
        }
      }
    }
  });

  test('no bit of a secret inside a longer base64 text is left', () => {
    const random = randomFrom(11);
    for (let round = 0; round < 300; round += 1) {
      const secret = randomText(random, 'abcdefghijklmnop', 8 + random(20));
      const before = randomText(random, 'XYZ', random(9));
      const after = randomText(random, 'XYZ', random(9));
      const encoded = Buffer.from(before + secret + after).toString(round % 2 === 0 ? 'base64' : 'base64url');
      const [left = '', right = ''] = maskText(encoded, secret).split(MASK);
      expect(left).toBe(encoded.slice(0, Math.floor((before.length * 8) / 6)));
      const end = Math.ceil(((before.length + secret.length) * 8) / 6);
      expect(encoded.slice(end).replaceAll('=', '')).toBe(right.replaceAll('=', ''));
    }
  });

  test('cutting never leaves part of a secret', () => {
    const secret = 'QWERTYUIOP';
    const text = `${secret} ${secret} padding ${secret}`;
    for (let limit = 0; limit <= text.length + 2; limit += 1) {
      expect(maskBytes(Buffer.from(text), limit, secret)).not.toMatch(/[QWERTYUIOP]/);
      expect(createMasker([secret]).text(text, limit)).not.toMatch(/[QWERTYUIOP]/);
    }
    const long = Buffer.from('.'.repeat(5000) + secret);
    expect(maskBytes(long, 5003, secret)).toBe('.'.repeat(5000) + MASK);
    expect(maskBytes(long, 4000, secret)).toBe('.'.repeat(4000));
  });

  test('what holds no secret stays byte for byte', () => {
    const random = randomFrom(3);
    const bytes = Uint8Array.from({ length: 5000 }, () => random(256));
    expect(createMasker(['not in there']).bytes(bytes, NO_LIMIT)).toEqual(bytes);
    const text = '{"a":[1,2.50,"ü €"],"b":null}';
    expect(maskText(text, 'not in there')).toBe(text);
  });

  test('what is kept does not change with what it was made from', () => {
    const bytes = Buffer.from('hello');
    const kept = createMasker([]).bytes(bytes, NO_LIMIT);
    bytes.fill(0);
    expect(Buffer.from(kept).toString()).toBe('hello');
  });
});

describe('sensitive headers', () => {
  test.each([
    ['Authorization', true],
    ['proxy-authorization', true],
    ['COOKIE', true],
    ['Set-Cookie', true],
    ['x-api-key', true],
    ['x-runner-service-token', true],
    ['X-My-Secret-Thing', true],
    ['accept', false],
    ['cookies', false],
    ['x-request-id', false],
  ])('%s: %s', (name, sensitive) => {
    expect(isSensitiveName(name)).toBe(sensitive);
    const [header] = createMasker([]).headers([{ name, value: 'value' }], NO_LIMIT);
    expect(header).toEqual({ name, value: sensitive ? MASK : 'value' });
  });

  test('other headers lose secret values', () => {
    expect(createMasker(['abcd1234']).headers([{ name: 'x-a', value: 'k abcd1234' }], NO_LIMIT)).toEqual([
      { name: 'x-a', value: `k ${MASK}` },
    ]);
  });

  test.each([
    ['{"authorization":"Bearer \\"x\\" y","a":"b"}', `{"authorization":"${MASK}","a":"b"}`],
    ['{ "X-Api-Key" : "x" }', `{ "X-Api-Key" : "${MASK}" }`],
    ['{"access_token":"x","expires":5}', `{"access_token":"${MASK}","expires":5}`],
    ['{"tokens":12,"token":null,"nextToken":""}', `{"tokens":12,"token":null,"nextToken":"${MASK}"}`],
    ['{"set-cookie":["a=1", "b=2"],"x":["y"]}', `{"set-cookie":["${MASK}", "${MASK}"],"x":["y"]}`],
    [
      '{"secrets":{"one":"1","two":{"three":"3"}},"x":"y"}',
      `{"secrets":{"one":"${MASK}","two":{"three":"${MASK}"}},"x":"y"}`,
    ],
    [
      '[{"name":"cookie","value":"a=1"},{"name":"accept","value":"b"}]',
      `[{"name":"cookie","value":"${MASK}"},{"name":"accept","value":"b"}]`,
    ],
    ['{"name": "x-my-token", "value": "1"}', `{"name": "x-my-token", "value": "${MASK}"}`],
    ['[["authorization","Basic eA=="],["accept","*/*"]]', `[["authorization","${MASK}"],["accept","*/*"]]`],
    ['["token","secret","plain"]', '["token","secret","plain"]'],
    [
      JSON.stringify({ log: JSON.stringify({ authorization: 'a "b" \\ c', d: 'e' }) }),
      `{"log":"{\\"authorization\\":\\"${MASK}\\",\\"d\\":\\"e\\"}"}`,
    ],
    ['{"authorization":"never closed', `{"authorization":"${MASK}`],
    ['{"line":"authorization: Bearer x","a":"b"}', `{"line":"authorization: ${MASK}","a":"b"}`],
    ['GET /x?access_token=abc&y=1', `GET /x?access_token=${MASK}&y=1`],
    ['client_secret=abc;x', `client_secret=${MASK};x`],
    ['Authorization: Digest a="b", c="d"\r\nAccept: x', `Authorization: ${MASK}\r\nAccept: x`],
    ['accept: x\nx-my-token: abc\n', `accept: x\nx-my-token: ${MASK}\n`],
    ['sent cookie: a=1', `sent cookie: ${MASK}`],
    ['the cookie jar, a token of thanks, the secret', 'the cookie jar, a token of thanks, the secret'],
    ['Unexpected token: }', 'Unexpected token: }'],
    ['if (token == other)', 'if (token == other)'],
    ['cap:secrets.get secrets.get', 'cap:secrets.get secrets.get'],
  ])('%s', (text, expected) => {
    expect(maskText(text)).toBe(expected);
    expect(maskBytes(Buffer.from(text), NO_LIMIT)).toBe(expected);
  });

  test('hostile texts take time in proportion to their length', () => {
    const size = 200_000;
    const texts = [
      'x'.repeat(size) + 'token=' + 'y'.repeat(size),
      'token'.repeat(size / 5),
      '"token",'.repeat(size / 8),
      '"secret":{'.repeat(size / 10),
      '"secret":['.repeat(size / 10),
      '"cookie":"'.repeat(size / 10),
      '\\'.repeat(size) + '"token":"x',
      `"token"${' '.repeat(size)}`,
      ' '.repeat(size) + 'cookie: '.repeat(size / 8),
    ];
    // Quadratic work on any of them would run into the test's time limit.
    for (const text of texts) expect(maskText(text)).not.toBe('');
  });
});
