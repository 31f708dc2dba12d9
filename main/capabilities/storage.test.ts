import { beforeEach, describe, expect, test } from 'vitest';
import { createStorageService } from './storage-service.ts';
import {
  ask,
  base64,
  capabilities,
  get,
  listed,
  put,
  remove,
  store,
  useStorage,
} from './storage-test-kit.ts';
import { toGuestBytes } from './storage-values.ts';
import { callOf, contextWith } from './test-kit.ts';

useStorage();

describe('values and revisions', () => {
  test('what was put comes back as the same bytes, with revisions from one upwards', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
    const first = await put('a', bytes);
    expect(first.value).toEqual({ ok: { namespace: 'notes', key: 'a', revision: 1 } });
    expect(first.bytes).toEqual(bytes);
    expect((await put('a', 'two')).value).toEqual({ ok: { namespace: 'notes', key: 'a', revision: 2 } });
    const read = await get('a');
    expect(read.value).toEqual({ ok: { namespace: 'notes', key: 'a', revision: 2 } });
    expect(Buffer.from(read.bytes ?? []).toString()).toBe('two');
  });

  test('an empty value is a value', async () => {
    await put('a', '');
    expect((await get('a')).bytes).toHaveLength(0);
  });

  test('a record is stored as base64 text with fixed metadata of 27 bytes', async () => {
    await put('a', 'hi');
    expect(
      store.db
        .prepare('SELECT value, metadata, value_size_bytes, metadata_size_bytes FROM ext_storage_records')
        .get(),
    ).toEqual({
      value: '"aGk="',
      metadata: '{"encoding":"base64-bytes"}',
      value_size_bytes: 6,
      metadata_size_bytes: 27,
    });
  });

  test.each([
    ['the stored revision', 1, { ok: { namespace: 'notes', key: 'a', revision: 2 } }],
    ['an older one', 0, { err: 'conflict' }],
    ['a newer one', 2, { err: 'conflict' }],
    ['one beyond what a number holds', 18446744073709552000, { err: 'conflict' }],
  ])('ifRevision: %s', async (_, revision, expected) => {
    await put('a', 'one');
    expect((await put('a', 'two', { revision })).value).toEqual(expected);
  });

  test.each([0, 1])('ifRevision %i never matches where there is no record', async revision => {
    expect((await put('a', 'one', { revision })).value).toEqual({ err: 'conflict' });
  });

  describe('at the end of what a number holds exactly', () => {
    const setRevision = (revision: number): unknown =>
      store.db.prepare('UPDATE ext_storage_records SET revision = ?').run(revision);

    test.each([
      [
        'one below',
        Number.MAX_SAFE_INTEGER - 1,
        { ok: { namespace: 'notes', key: 'a', revision: 2 ** 53 - 1 } },
      ],
      ['the last one', Number.MAX_SAFE_INTEGER, { err: 'internal' }],
      ['beyond, where two revisions look the same', 2 ** 53 + 2, { err: 'conflict' }],
    ])('%s', async (_, revision, expected) => {
      await put('a', 'one');
      setRevision(revision);
      expect((await put('a', 'two', { revision })).value).toEqual(expected);
      const read = await get('a');
      expect(Buffer.from(read.bytes ?? []).toString()).toBe('ok' in expected ? 'two' : 'one');
    });
  });

  test('delete gives nothing back, an absent key is a conflict, and revisions start anew', async () => {
    await put('a', 'one');
    await put('a', 'two');
    expect((await remove('a')).value).toEqual({ ok: null });
    expect((await remove('a')).value).toEqual({ err: 'conflict' });
    expect((await get('a')).value).toEqual({ err: 'missing' });
    expect((await put('a', 'three')).value).toEqual({ ok: { namespace: 'notes', key: 'a', revision: 1 } });
  });

  test('installs and tenants do not see each other', async () => {
    await put('a', 'one');
    expect((await ask('get', { namespace: 'notes', key: 'a' }, undefined, 'install-2')).value).toEqual({
      err: 'missing',
    });
    const elsewhere = { ...contextWith(['cap:storage.kv']), tenantId: 'tenant-2' };
    const reply = await capabilities.hostFunctions(elsewhere)(
      callOf('storage.get', { namespace: 'notes', key: 'a' }),
    );
    expect(reply.value).toEqual({ err: 'missing' });
  });
});

describe('listing', () => {
  beforeEach(async () => {
    for (let n = 59; n >= 0; n -= 1) await put(`k${String(n).padStart(2, '0')}`, `value ${n}`);
  });
  const cursorOf = (key: string): string => Buffer.from(JSON.stringify({ key })).toString('base64url');

  test('gives the first 25 in key order, with values, and tells the author that there are more', async () => {
    const { keys, reply } = await listed();
    expect(keys).toEqual(Array.from({ length: 25 }, (_, n) => `k${String(n).padStart(2, '0')}`));
    expect(reply.value).toHaveProperty('ok.0', {
      namespace: 'notes',
      key: 'k00',
      revision: 1,
      value: base64('value 0'),
    });
    expect(reply.note).toContain('more keys');
  });

  test('a cursor made of the last key seen goes on after it', async () => {
    expect((await listed(cursorOf('k24'))).keys[0]).toBe('k25');
    const last = await listed(cursorOf('k49'));
    expect(last.keys).toHaveLength(10);
    expect(last.reply.note).toBeUndefined();
  });

  test('the cursor that the service makes loses one record at the boundary, as the platform’s does', () => {
    const service = createStorageService({ store });
    const scope = { tenantId: 'tenant-1', installId: 'install-1' };
    const first = service.list(scope, 'notes');
    expect(first.nextCursor).toBe(cursorOf('k25'));
    expect(service.list(scope, 'notes', first.nextCursor).items[0]?.key).toBe('k26');
  });

  test.each(['', 'not a cursor', cursorOf('x').slice(0, 4), Buffer.from('{"key":1}').toString('base64url')])(
    'malformed cursor %j is internal',
    async cursor => {
      const reply = await ask('list-entries', { namespace: 'notes', cursor });
      expect(reply.value).toEqual({ err: 'internal' });
      expect(reply.note).toContain('VALIDATION_FAILED');
    },
  );
});

describe('errors', () => {
  test('a disabled install is denied', async () => {
    store.db.pragma('foreign_keys = OFF');
    store.db
      .prepare(
        `INSERT INTO tenant_extension_install (id, tenant_id, registry_id, version_id, bundle_id, is_enabled, created_at, updated_at)
         VALUES ('install-1', 't', 'r', 'v', 'b', 0, 0, 0)`,
      )
      .run();
    const reply = await put('a', 'one');
    expect(reply).toEqual({ value: { err: 'denied' }, note: 'UNAUTHORIZED: The install is disabled.' });
  });

  test('a failing database is internal', async () => {
    store.db.exec('DROP TABLE ext_storage_usage');
    const reply = await put('a', 'one');
    expect(reply.value).toEqual({ err: 'internal' });
    expect(reply.note).toContain('INTERNAL');
    expect(store.db.prepare('SELECT count(*) FROM ext_storage_records').pluck().get()).toBe(0);
  });
});

describe('values a guest did not write (spec 3.5)', () => {
  test.each([
    ['base64 by metadata', 'aGk=', { encoding: 'base64-bytes' }, 'hi'],
    ['wrapped bytes', { _bytes_b64: 'aGk=' }, {}, 'hi'],
    ['text that is base64', 'aGk=', null, 'hi'],
    ['other text', 'hi there', {}, 'hi there'],
    ['text that is nearly base64', 'aGk', {}, 'aGk'],
    ['metadata that lies', 'hi there', { encoding: 'base64-bytes' }, 'hi there'],
    ['other JSON', { a: [1, null] }, {}, '{"a":[1,null]}'],
    ['null', null, {}, 'null'],
  ])('%s', (_, value, metadata, expected) => {
    expect(Buffer.from(toGuestBytes(value, metadata)).toString()).toBe(expected);
  });
});
