import { describe, expect, test } from 'vitest';
import { ask, create, created, NOWHERE, store, useScheduler, wait } from './scheduler-test-kit.ts';

useScheduler();

/** Puts the schedule count at `count` without using up the rate. */
function fill(count: number): void {
  const insert = store.db.prepare(
    `INSERT INTO tenant_extension_schedule (id, install_id, tenant_id, endpoint_method, endpoint_path, cron, created_at,
       updated_at) VALUES (?, 'install-1', 'tenant-1', 'GET', '/sync', '0 3 * * *', 0, 0)`,
  );
  for (let n = 0; n < count; n += 1) insert.run(`schedule ${n}`);
}

describe('rules (spec 9.5)', () => {
  test.each([
    ['endpoint', { endpoint: 'POST /sync' }],
    ['endpoint', { endpoint: 'get   /sync' }],
    ['cron', { cron: '99 0-99/7 * * *' }],
    ['cron', { cron: '*/5 * * * *' }],
    ['cron of a list', { cron: '0,1,2,3 * * * *' }],
    ['cron of a restricted hour', { cron: '* 3 * * *' }],
    ['timezone', { timezone: 'America/New_York' }],
    ['payload of 100,000', { payload: `[${'"'.padEnd(99_997, 'x')}"]` }],
    ['payload array', { payload: '[]' }],
    ['name of 128', { name: 'n'.repeat(128) }],
    ['blank name', { name: '  ' }],
  ])('%s is taken: %o', async (_, input) => {
    await created(input);
  });

  test.each([
    ['endpoint', { endpoint: 'sync' }],
    ['endpoint', { endpoint: '/nowhere' }],
    ['endpoint', { endpoint: 'PUT /sync' }],
    ['endpoint', { endpoint: '/gone' }],
    ['endpoint', { endpoint: '/items/:id' }],
    ['endpoint', { endpoint: 'GET /a{b}' }],
    ['cron', { cron: '0 3 * *' }],
    ['cron', { cron: '0 3 * * * *' }],
    ['cron', { cron: '0 3 * * MON' }],
    ['cron', { cron: '@daily' }],
    ['cron', { cron: '0 3 1 * 1' }],
    ['cron', { cron: '* * * * *' }],
    ['cron', { cron: '*/1 * * * *' }],
    ['cron', { cron: '*/4 * * * *' }],
    ['timezone', { timezone: 'Mars/Olympus' }],
    ['payload', { payload: '"text"' }],
    ['payload', { payload: '7' }],
    ['payload', { payload: `["${'x'.repeat(99_997)}"]` }],
  ])('%s is refused: %o', async (field, input) => {
    const reply = await create(input);
    expect(reply.value).toEqual({ success: false, error: 'ValidationFailed' });
    expect(reply.note).toMatch(new RegExp(`^HTTP 400: .*\\{"${field}":`));
    expect((await ask('list-schedules')).value).toEqual({ ok: [] });
  });

  test.each([
    { endpoint: '' },
    { endpoint: `/${'x'.repeat(256)}` },
    { cron: '' },
    { cron: '0'.repeat(129) },
    { timezone: 'x'.repeat(65) },
    { name: 'n'.repeat(129) },
  ])('a malformed request is refused before any rule: %o', async input => {
    const reply = await create(input);
    expect(reply.value).toEqual({ success: false, error: 'ValidationFailed' });
    expect(reply.note).toContain('HTTP 400: Validation error');
  });

  test('names are unique in an install, blank ones do not count', async () => {
    await created({ name: 'nightly' });
    await created({ name: '' });
    await created({ name: ' ' });
    const reply = await create({ name: ' nightly' });
    expect(reply.value).toEqual({ success: false, error: 'ValidationFailed' });
    expect(reply.note).toContain('"name"');
  });

  test('50 schedules, not one more', async () => {
    fill(49);
    await created();
    const reply = await create({});
    expect(reply.value).toEqual({ success: false, error: 'ValidationFailed' });
    expect(reply.note).toContain('50 schedules');
  });

  test('10 changes a minute, refused ones included; reading is free', async () => {
    for (let n = 0; n < 5; n += 1) await created();
    for (let n = 0; n < 5; n += 1) await create({ cron: '* * * * *' });
    const reply = await create({});
    expect(reply.value).toEqual({ success: false, error: 'QuotaExceeded' });
    expect(reply.note).toContain('HTTP 429');
    expect((await ask('delete-schedule', { scheduleId: NOWHERE })).value).toEqual(reply.value);
    expect((await ask('list-schedules')).value).toHaveProperty('ok');
    wait(59_999);
    expect((await create({})).value).toEqual(reply.value);
    wait(1);
    await created();
  });
});
