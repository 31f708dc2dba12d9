import { describe, expect, test } from 'vitest';
import { STORAGE_LIMITS } from './storage-limits.ts';
import { createStorageService } from './storage-service.ts';
import { ask, clock, get, listed, put, store, usage, useStorage, wait } from './storage-test-kit.ts';

useStorage();

describe('limits', () => {
  test.each([
    ['namespace of 128', 'n'.repeat(128), 'k', { ok: expect.anything() as unknown }],
    ['namespace with anything in it', 'a/b\0 ü', 'k', { ok: expect.anything() as unknown }],
    ['namespace of 129', 'n'.repeat(129), 'k', { err: 'internal' }],
    ['empty namespace', '', 'k', { err: 'internal' }],
    ['key of 256', 'n', 'k'.repeat(256), { ok: expect.anything() as unknown }],
    ['key of 257', 'n', 'k'.repeat(257), { err: 'internal' }],
    ['empty key', 'n', '', { err: 'internal' }],
    ['key with a slash', 'n', 'a/b', { err: 'internal' }],
  ])('%s', async (_, namespace, key, expected) => {
    expect((await put(key, 'v', { namespace })).value).toEqual(expected);
    const read = await ask('get', { namespace, key });
    expect(read.value).toEqual(expected);
  });

  test('49,149 bytes fit, one more is internal and says why', async () => {
    expect((await put('a', new Uint8Array(49_149))).value).toEqual({ ok: expect.anything() as unknown });
    const reply = await put('a', new Uint8Array(49_150));
    expect(reply.value).toEqual({ err: 'internal' });
    expect(reply.note).toBe(
      'LIMIT_EXCEEDED: The value takes 65538 bytes as JSON; at most 65536 are allowed.',
    );
    expect((await get('a')).bytes).toHaveLength(49_149);
  });

  test('32 namespaces, then denied; a namespace in use takes more keys', async () => {
    for (let n = 0; n < 32; n += 1) await put('a', 'v', { namespace: `namespace ${n}` });
    const reply = await put('a', 'v', { namespace: 'one more' });
    expect(reply.value).toEqual({ err: 'denied' });
    expect(reply.note).toContain('QUOTA_EXCEEDED');
    expect((await put('b', 'v', { namespace: 'namespace 3' })).value).toHaveProperty('ok');
    await ask('delete', { namespace: 'namespace 7', key: 'a' });
    expect((await put('a', 'v', { namespace: 'one more' })).value).toHaveProperty('ok');
  });

  test('keys of a namespace and bytes of an install are bounded, overwriting stays possible', () => {
    const scope = { tenantId: 't', installId: 'i' };
    const limits = { ...STORAGE_LIMITS, keysPerNamespace: 2, totalBytes: 100 };
    const service = createStorageService({ store, limits });
    const write = (key: string, value: string): unknown =>
      service.put(scope, { namespace: 'n', key, value, metadata: {} });
    write('a', '');
    write('b', '');
    expect(() => write('c', '')).toThrow(expect.objectContaining({ code: 'QUOTA_EXCEEDED' }));
    write('a', 'x'.repeat(91));
    expect(() => write('b', 'xxxx')).toThrow(expect.objectContaining({ code: 'QUOTA_EXCEEDED' }));
    write('a', '');
    write('b', 'xxxx');
    expect(usage()).toEqual({ bytes_used: 2 + 2 + 6 + 2, keys_count: 2, namespaces_count: 1 });
  });

  test('the platform’s figures', () => {
    expect(STORAGE_LIMITS).toMatchObject({ namespaces: 32, keysPerNamespace: 5120, totalBytes: 268_435_456 });
  });

  test('metadata has a limit of its own', () => {
    const service = createStorageService({ store });
    const scope = { tenantId: 't', installId: 'i' };
    const metadata = { note: 'x'.repeat(4100) };
    expect(() => service.put(scope, { namespace: 'n', key: 'k', value: 1, metadata })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });
});

describe('time to live', () => {
  const setExpiry = (key: string, at: number): unknown =>
    store.db.prepare('UPDATE ext_storage_records SET ttl_expires_at = ? WHERE key = ?').run(at, key);

  test('expired records go at the start of any operation, and with them their usage', async () => {
    await put('a', 'one');
    await put('b', 'two');
    setExpiry('a', clock + 1);
    expect((await get('a')).value).toHaveProperty('ok');
    wait(1);
    expect((await listed()).keys).toEqual(['b']);
    expect(usage()).toEqual({ bytes_used: 6 + 27, keys_count: 1, namespaces_count: 1 });
    expect((await get('a')).value).toEqual({ err: 'missing' });
  });

  test('a guest’s put clears it', async () => {
    await put('a', 'one');
    setExpiry('a', clock + 1);
    await put('a', 'two');
    wait(10);
    expect((await get('a')).value).toHaveProperty('ok');
  });
});

describe('usage', () => {
  test('stays what a count would give, whatever happens', async () => {
    let seed = 42;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let step = 0; step < 300; step += 1) {
      const namespace = `n${random(4)}`;
      const key = `k${random(6)}`;
      if (random(3) === 0) await ask('delete', { namespace, key });
      else await put(key, 'x'.repeat(random(50)), { namespace });
    }
    expect(usage()).toEqual(
      store.db
        .prepare(
          `SELECT sum(value_size_bytes + metadata_size_bytes) AS bytes_used, count(*) AS keys_count,
             count(DISTINCT namespace) AS namespaces_count FROM ext_storage_records`,
        )
        .get(),
    );
  });
});
