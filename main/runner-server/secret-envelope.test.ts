import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SecretOpener } from './secret-envelope.ts';
import type { VaultOptions } from './vault.ts';

const PAYLOAD = Buffer.from('{"api_key":"hush"}').toString('base64');
const OPEN = { secrets: { api_key: 'hush' } };
const OWNER = { tenantId: 't', extensionId: 'e', installId: 'i' };

test.each([
  ['no envelope', undefined, { secrets: {} }],
  ['null', null, { secrets: {} }],
  ['a blank payload', { ciphertext_b64: ' \n' }, { secrets: {} }],
  [
    'a blank payload, whatever the algorithm',
    { ciphertext_b64: '', algorithm: 'vault-transit:v1' },
    { secrets: {} },
  ],
  ['inline/base64', { ciphertext_b64: PAYLOAD, algorithm: 'inline/base64' }, OPEN],
  ['no algorithm', { ciphertext_b64: PAYLOAD }, OPEN],
  ['null as algorithm', { ciphertext_b64: PAYLOAD, algorithm: null }, OPEN],
  ['an unknown algorithm', { ciphertext_b64: PAYLOAD, algorithm: 'aes-gcm' }, OPEN],
  ['one that has expired', { ciphertext_b64: PAYLOAD, expires_at: '2001-01-01T00:00:00Z' }, OPEN],
  ['one that will expire', { ciphertext_b64: PAYLOAD, expires_at: '2999-01-01T00:00:00Z' }, OPEN],
  ['an expiry that is no time', { ciphertext_b64: PAYLOAD, expires_at: 'soon' }, OPEN],
  ['key path, mount and version', { ciphertext_b64: PAYLOAD, key_path: 'k', mount: 'm', version: 3 }, OPEN],
])('%s (spec 4.6)', async (_name, envelope, opened) => {
  expect(await new SecretOpener().open(envelope, OWNER)).toEqual(opened);
});

test.each([
  ['Vault where none is set', 'vault-transit:v1', PAYLOAD],
  ['Vault in capitals', 'VAULT-TRANSIT', PAYLOAD],
  ['no base64', 'inline/base64', 'hush!'],
  ['no JSON', 'inline/base64', Buffer.from('hush').toString('base64')],
  ['a list', 'inline/base64', Buffer.from('["hush"]').toString('base64')],
  ['a map that is not flat', 'inline/base64', Buffer.from('{"a":{"b":"hush"}}').toString('base64')],
  ['a value that is no text', 'inline/base64', Buffer.from('{"hush":1}').toString('base64')],
])('%s cannot be opened, and the reason tells nothing of it', async (_name, algorithm, ciphertext_b64) => {
  const opened = await new SecretOpener().open({ ciphertext_b64, algorithm }, OWNER);
  expect(opened).toHaveProperty('reason');
  expect(JSON.stringify(opened)).not.toContain('hush');
});

describe('sealed with Vault', () => {
  let dir = '';
  let server: Server;
  let options: VaultOptions;
  let asked: { method: string; path: string; headers: IncomingHttpHeaders; body: string }[];
  let answer: { status: number; text: string };
  let now: number;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'xwb vault-'));
    asked = [];
    answer = { status: 200, text: JSON.stringify({ data: { plaintext: PAYLOAD } }) };
    now = Date.parse('2030-01-01T00:00:00Z');
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        asked.push({ method, path: url, headers, body });
        response.writeHead(answer.status).end(answer.text);
      });
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const tokenFile = join(dir, 'token');
    await writeFile(tokenFile, 'a-token\n');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    options = { address, tokenFile, mount: 'transit', namespace: 'team' };
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(dir, { recursive: true });
  });

  const sealed = (changes: object = {}): { ciphertext_b64: string; algorithm: string; key_path: string } => ({
    ciphertext_b64: 'vault:v1:sealed',
    algorithm: 'vault-transit:v1',
    key_path: 'tenants/key 1',
    ...changes,
  });
  const opener = (changes: Partial<VaultOptions> = {}): SecretOpener =>
    new SecretOpener({ ...options, ...changes }, () => now);

  test('is decrypted under its key path, with token and namespace', async () => {
    expect(await opener().open(sealed(), OWNER)).toMatchObject(OPEN);
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/v1/transit/decrypt/tenants/key%201',
        headers: expect.objectContaining({
          'x-vault-token': 'a-token',
          'x-vault-namespace': 'team',
        }) as IncomingHttpHeaders,
        body: '{"ciphertext":"vault:v1:sealed"}',
      },
    ]);
  });

  test('the envelope’s own mount comes first, and the address may have a path', async () => {
    const { address } = options;
    await opener({ address: `${address}/behind/` }).open(sealed({ mount: 'other' }), OWNER);
    expect(asked.map(({ path }) => path)).toEqual(['/behind/v1/other/decrypt/tenants/key%201']);
  });

  test.each<[string, object, Partial<typeof OWNER>, number]>([
    ['nothing else', {}, {}, 1],
    ['another version', { version: '2' }, {}, 2],
    ['another payload', { ciphertext_b64: 'vault:v1:other' }, {}, 2],
    ['another tenant', {}, { tenantId: 'x' }, 2],
    ['another extension', {}, { extensionId: 'x' }, 2],
    ['another install', {}, { installId: 'x' }, 2],
  ])('is kept for its owner, version and payload: %s', async (_name, envelope, owner, times) => {
    const own = opener();
    await own.open(sealed(), OWNER);
    expect(await own.open(sealed(envelope), { ...OWNER, ...owner })).toMatchObject(OPEN);
    expect(asked).toHaveLength(times);
  });

  test.each([
    [undefined, 29_999, 1],
    [undefined, 30_000, 2],
    ['2030-01-01T00:00:05Z', 4_999, 1],
    ['2030-01-01T00:00:05Z', 5_000, 2],
    ['2020-01-01T00:00:00Z', 0, 2],
    ['2040-01-01T00:00:00Z', 30_000, 2],
  ])('with expires_at %s it is asked for after %i ms: %i times', async (expires_at, later, times) => {
    const own = opener();
    await own.open(sealed({ expires_at }), OWNER);
    now += later;
    await own.open(sealed({ expires_at }), OWNER);
    expect(asked).toHaveLength(times);
  });

  test.each<[string, () => void, Partial<VaultOptions>, object]>([
    ['Vault refuses', () => (answer = { status: 403, text: '{}' }), {}, {}],
    ['Vault answers nonsense', () => (answer = { status: 200, text: 'oops' }), {}, {}],
    ['the plaintext is no map', () => (answer.text = '{"data":{"plaintext":"aHVzaA=="}}'), {}, {}],
    ['nobody is there', () => undefined, { address: 'http://127.0.0.1:9' }, {}],
    ['the address is none', () => undefined, { address: 'vault' }, {}],
    ['there is no token', () => undefined, { tokenFile: '/nowhere/token' }, {}],
    ['no key path', () => undefined, {}, { key_path: null }],
    ['a key path that leads elsewhere', () => undefined, {}, { key_path: '../../sys/seal' }],
  ])(
    'fails without telling token or payload when %s, and is not kept',
    async (_name, prepare, vault, envelope) => {
      prepare();
      const own = opener(vault);
      const opened = await own.open(sealed(envelope), OWNER);
      expect(opened).toEqual({ reason: expect.any(String) as string });
      expect(JSON.stringify(opened)).not.toMatch(/a-token|sealed:|vault:v1|hush/);
      const before = asked.length;
      await own.open(sealed(envelope), OWNER);
      expect(asked.length - before).toBe(before);
    },
  );
});
