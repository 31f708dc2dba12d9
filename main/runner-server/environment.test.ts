import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

test('an empty environment has the defaults of spec 4.10', () => {
  expect(readEnvironment({})).toEqual({
    port: 8080,
    egress: { allow: [] },
    debugMessageBytes: 8192,
    ui: { strict: false, policy: {} },
    withoutEffect: [],
  });
});

test.each([
  ['PORT', '0', { port: 0 }],
  ['BUNDLE_STORE_BASE', 'http://localhost:9000/b', { bundleStoreBase: 'http://localhost:9000/b' }],
  ['BUNDLE_STORE_BASE', ' ', { port: 8080 }],
  ['EXT_CACHE_ROOT', '/cache', { cacheRoot: '/cache' }],
  ['EXT_CACHE_MAX_BYTES', 'many', { cacheMaxBytes: 'many' }],
  ['EXT_EGRESS_ALLOWLIST', 'A.example, b.example', { egress: { allow: ['a.example', 'b.example'] } }],
  ['REGISTRY_BASE_URL', 'http://localhost:3000', { registryBase: 'http://localhost:3000' }],
  ['ALGA_AUTH_KEY', 'key', { registryKey: 'key' }],
  ['RUNNER_DEBUG_MAX_EVENT_BYTES', '100', { debugMessageBytes: 100 }],
  ['REGISTRY_BASE_URL', 'http://localhost:3000', { ui: { strict: true } }],
  ['EXT_STATIC_STRICT_VALIDATION', 'yes', { ui: { strict: true } }],
  ['EXT_STATIC_STRICT_VALIDATION', 'off', { ui: { strict: false } }],
  ['EXT_STATIC_MAX_FILE_BYTES', '10', { ui: { maxFileBytes: 10 } }],
  [
    'EXT_UI_FRAME_ANCESTORS',
    "'self' https://a.example",
    { ui: { policy: { frameAncestors: ["'self'", 'https://a.example'] } } },
  ],
  [
    'EXT_UI_CONTENT_SECURITY_POLICY',
    "default-src 'none'",
    { ui: { policy: { replacement: "default-src 'none'" } } },
  ],
  [
    'VAULT_ADDR',
    'http://localhost:8200',
    {
      vault: {
        address: 'http://localhost:8200',
        tokenFile: '/run/secrets/alga_vault_token',
        mount: 'transit',
      },
      withoutEffect: [],
    },
  ],
  ['ALGA_VAULT_ADDR', 'http://localhost:8201', { vault: { address: 'http://localhost:8201' } }],
  ['RUNNER_DEBUG_REDIS_URL', 'redis://localhost', { withoutEffect: ['RUNNER_DEBUG_REDIS_URL'] }],
])('%s=%s', (name, value, read) => {
  expect(readEnvironment({ [name]: value })).toMatchObject(read);
});

test.each([
  ['PORT', '65536'],
  ['PORT', 'http'],
  ['RUNNER_DEBUG_MAX_EVENT_BYTES', '-1'],
  ['EXT_STATIC_MAX_FILE_BYTES', 'many'],
  ['ALGA_AUTH_KEY_FILE', '/nowhere/at all'],
])('%s=%s is refused', (name, value) => {
  expect(() => readEnvironment({ [name]: value })).toThrow(
    expect.objectContaining({ code: 'cli.usage' }) as Error,
  );
});

test('the key may stand in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xwb key-'));
  const file = join(folder, 'key');
  await writeFile(file, 'key\n');
  expect(readEnvironment({ ALGA_AUTH_KEY_FILE: file }).registryKey).toBe('key');
  await rm(folder, { recursive: true });
});

test('Vault has its own token file, mount and namespace, and VAULT_ADDR comes first', () => {
  const env = {
    VAULT_ADDR: 'http://first',
    ALGA_VAULT_ADDR: 'http://second',
    ALGA_VAULT_TOKEN_FILE: '/token',
    ALGA_VAULT_TRANSIT_MOUNT: 'mine',
    VAULT_NAMESPACE: 'team',
  };
  expect(readEnvironment(env).vault).toEqual({
    address: 'http://first',
    tokenFile: '/token',
    mount: 'mine',
    namespace: 'team',
  });
});

test.each([
  [
    { S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' },
    { accessKey: 'a', secretKey: 'b', region: 'us-east-1' },
  ],
  [
    { MINIO_ACCESS_KEY: 'a', MINIO_SECRET_KEY: 'b', S3_REGION: 'here' },
    { accessKey: 'a', secretKey: 'b', region: 'here' },
  ],
  [
    { S3_ACCESS_KEY: 'a', MINIO_ACCESS_KEY: 'x', MINIO_SECRET_KEY: 'b' },
    { accessKey: 'a', secretKey: 'b' },
  ],
  [{ S3_ACCESS_KEY: 'a' }, undefined],
])('credentials of the object store: %o', (env, credentials) => {
  const read = readEnvironment(env).storeCredentials;
  if (credentials === undefined) expect(read).toBeUndefined();
  else expect(read).toMatchObject(credentials);
});
