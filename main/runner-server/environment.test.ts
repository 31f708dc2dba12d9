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
  ['VAULT_ADDR', 'http://localhost:8200', { withoutEffect: ['VAULT_ADDR'] }],
  ['S3_ACCESS_KEY', 'key', { withoutEffect: ['S3_ACCESS_KEY'] }],
])('%s=%s', (name, value, read) => {
  expect(readEnvironment({ [name]: value })).toMatchObject(read);
});

test.each([
  ['PORT', '65536'],
  ['PORT', 'http'],
  ['RUNNER_DEBUG_MAX_EVENT_BYTES', '-1'],
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
