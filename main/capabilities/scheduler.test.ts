import { describe, expect, test } from 'vitest';
import {
  ask,
  create,
  created,
  ENDPOINTS,
  NOWHERE,
  schedule,
  START,
  store,
  update,
  useScheduler,
} from './scheduler-test-kit.ts';
import { writeEndpoints, writeInstall } from './test-kit.ts';

useScheduler();

describe('reading', () => {
  test('endpoints in the order of the manifest, GET and POST without parameters schedulable', async () => {
    const { value } = await ask('get-endpoints');
    const { ok } = value as { ok: { method: string; path: string; schedulable: boolean }[] };
    expect(ok.map(each => [`${each.method} ${each.path}`, each.schedulable])).toEqual([
      ['PUT /sync', false],
      ['POST /sync', true],
      ['GET /sync', true],
      ['GET /items/:id', false],
      ['GET /a{b}', false],
      ['DELETE /gone', false],
    ]);
    expect(ok[0]).toEqual({
      id: expect.any(String) as unknown,
      method: 'PUT',
      path: '/sync',
      handler: 'handler',
      schedulable: false,
    });
  });

  test('a schedule as it was made, defaults filled in', async () => {
    const id = await created();
    const info = {
      id,
      endpointPath: '/sync',
      endpointMethod: 'POST',
      cron: '0 3 * * *',
      timezone: 'UTC',
      enabled: true,
      createdAt: '2026-01-15T12:00:00.000Z',
    };
    expect(await schedule(id)).toEqual(info);
    expect(await schedule(id.toUpperCase())).toEqual(info);
    expect((await ask('list-schedules')).value).toEqual({ ok: [info] });
  });

  test('a schedule with everything, its payload as text again, and what its run left', async () => {
    const id = await created({
      endpoint: 'get /sync',
      cron: ' 0   3 * *  1-5 ',
      timezone: 'Europe/Berlin',
      enabled: false,
      name: '  nightly ',
      payload: '{ "a": [1] }',
    });
    store.db
      .prepare(
        "UPDATE tenant_extension_schedule SET last_run_at = ?, last_run_status = 'error', last_error = 'x'",
      )
      .run(START);
    expect(await schedule(id)).toMatchObject({
      endpointMethod: 'GET',
      cron: '0 3 * * 1-5',
      timezone: 'Europe/Berlin',
      enabled: false,
      name: 'nightly',
      payload: '{"a":[1]}',
      lastRunAt: '2026-01-15T12:00:00.000Z',
      lastRunStatus: 'error',
      lastError: 'x',
    });
  });

  test.each([
    ['get-schedule', { scheduleId: NOWHERE }, { ok: null }],
    ['get-schedule', { scheduleId: 'nonsense' }, { err: 'validation-failed' }],
  ])('%s of %o', async (name, args, expected) => {
    expect((await ask(name, args)).value).toEqual(expected);
  });

  test('a failing database is internal, and no schedule for get', async () => {
    store.db.exec('DROP TABLE tenant_extension_schedule');
    expect((await ask('list-schedules')).value).toEqual({ err: 'internal' });
    const reply = await ask('get-schedule', { scheduleId: NOWHERE });
    expect(reply.value).toEqual({ ok: null });
    expect(reply.note).toContain('HTTP 500: no such table');
    const refused = await ask('delete-schedule', { scheduleId: NOWHERE });
    expect(refused.value).toEqual({ success: false, error: 'Internal' });
  });

  test('schedules are the install’s own, and go with it', async () => {
    const id = await created({ name: 'nightly' });
    const other = { tenantId: 'tenant-2', installId: 'install-2' };
    writeInstall(store, ENDPOINTS, other);
    expect((await ask('list-schedules', {}, other)).value).toEqual({ ok: [] });
    expect((await ask('get-schedule', { scheduleId: id }, other)).value).toEqual({ ok: null });
    expect((await ask('delete-schedule', { scheduleId: id }, other)).note).toContain('scheduleId');
    const mixed = { tenantId: 'tenant-2', installId: 'install-1' };
    expect((await ask('list-schedules', {}, mixed)).value).toEqual({ err: 'not-found' });
    store.db.exec("DELETE FROM tenant_extension_install WHERE id = 'install-1'");
    expect(store.db.prepare('SELECT count(*) FROM tenant_extension_schedule').pluck().get()).toBe(0);
  });

  test('a rebuild of the version leaves them alone', async () => {
    const id = await created();
    writeEndpoints(store, ENDPOINTS);
    expect(await schedule(id)).toMatchObject({ endpointMethod: 'POST', endpointPath: '/sync' });
  });
});

describe('changing', () => {
  test('an update with everything', async () => {
    const id = await created({ name: 'nightly', payload: '{}' });
    const reply = await update(id, {
      endpoint: 'GET /sync',
      cron: '5 4 * * *',
      timezone: 'Asia/Tokyo',
      enabled: false,
      name: 'nightly',
      payload: '[1]',
    });
    expect(reply).toEqual({ value: { success: true } });
    expect(await schedule(id)).toMatchObject({
      endpointMethod: 'GET',
      cron: '5 4 * * *',
      timezone: 'Asia/Tokyo',
      enabled: false,
      name: 'nightly',
      payload: '[1]',
    });
  });

  test('faithful, a partial update clears name and payload, and the note says so', async () => {
    const id = await created({ name: 'nightly', payload: '{}', timezone: 'Asia/Tokyo', enabled: false });
    const reply = await update(id, { cron: '5 4 * * *' });
    expect(reply.value).toEqual({ success: true });
    expect(reply.note).toContain('left out name and payload');
    const after = await schedule(id);
    expect(after).toMatchObject({ cron: '5 4 * * *', timezone: 'Asia/Tokyo', enabled: false });
    expect(after).not.toHaveProperty('name');
    expect(after).not.toHaveProperty('payload');
    expect(await update(id, { enabled: true })).toEqual({ value: { success: true } });
  });

  test('strict, it keeps them, and the note names the deviation', async () => {
    const id = await created({ name: 'nightly', payload: '{}' });
    const reply = await update(id, { payload: '[]' }, 'strict');
    expect(reply.note).toContain('Strict: the update left out name, which was kept; the platform clears it.');
    expect(await schedule(id)).toMatchObject({ name: 'nightly', payload: '[]' });
  });

  test.each([
    ['endpoint', { endpoint: '/nowhere' }],
    ['cron', { cron: '* * * * *' }],
    ['timezone', { timezone: 'Mars/Olympus' }],
    ['payload', { payload: '1' }],
    ['name', { name: 'other' }],
  ])('a refused %s changes nothing', async (field, input) => {
    const id = await created({ name: 'nightly', payload: '{}' });
    await created({ name: 'other' });
    const before = await schedule(id);
    const reply = await update(id, input);
    expect(reply.value).toEqual({ success: false, error: 'ValidationFailed' });
    expect(reply.note).toContain(`"${field}"`);
    expect(await schedule(id)).toEqual(before);
  });

  test.each(['update', 'delete'])('%s of what is not there or no id', async verb => {
    const missing = await ask(`${verb}-schedule`, { scheduleId: NOWHERE, input: {} });
    expect(missing.value).toEqual({ success: false, error: 'ValidationFailed' });
    expect(missing.note).toContain('"scheduleId"');
    const malformed = await ask(`${verb}-schedule`, { scheduleId: 's', input: {} });
    expect(malformed.value).toEqual(missing.value);
    expect(malformed.note).toContain('Validation error');
  });

  test('delete', async () => {
    const id = await created();
    expect(await ask('delete-schedule', { scheduleId: id })).toEqual({ value: { success: true } });
    expect(await schedule(id)).toBeNull();
  });

  test('strict shows the next runs', async () => {
    expect((await create({ cron: '0 3 * * 1', timezone: 'Europe/Berlin' }, 'strict')).note).toBe(
      'Next runs: 2026-01-19T02:00:00.000Z, 2026-01-26T02:00:00.000Z, 2026-02-02T02:00:00.000Z.',
    );
    expect((await create({ cron: '99 3 * * *' }, 'strict')).note).toContain('never runs');
    expect((await create({ enabled: false }, 'strict')).note).toContain('disabled');
  });
});
