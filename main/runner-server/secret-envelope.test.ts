import { expect, test } from 'vitest';
import { openEnvelope } from './secret-envelope.ts';

const PAYLOAD = Buffer.from('{"api_key":"hush"}').toString('base64');
const OPEN = { secrets: { api_key: 'hush' } };

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
])('%s (spec 4.6)', (_name, envelope, opened) => {
  expect(openEnvelope(envelope)).toEqual(opened);
});

test.each([
  ['Vault', 'vault-transit:v1', PAYLOAD],
  ['Vault in capitals', 'VAULT-TRANSIT', PAYLOAD],
  ['no base64', 'inline/base64', 'hush!'],
  ['no JSON', 'inline/base64', Buffer.from('hush').toString('base64')],
  ['a list', 'inline/base64', Buffer.from('["hush"]').toString('base64')],
  ['a map that is not flat', 'inline/base64', Buffer.from('{"a":{"b":"hush"}}').toString('base64')],
  ['a value that is no text', 'inline/base64', Buffer.from('{"hush":1}').toString('base64')],
])('%s cannot be opened, and the reason tells nothing of it', (_name, algorithm, ciphertext_b64) => {
  const opened = openEnvelope({ ciphertext_b64, algorithm });
  expect(opened).toHaveProperty('reason');
  expect(JSON.stringify(opened)).not.toContain('hush');
});
