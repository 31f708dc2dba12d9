import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createHostBindings, HostError, withHost } from './host-bindings.ts';

/** The platform's modules, as far as the adapter calls them. */
const wire = vi.hoisted(() => ({
  getContext: vi.fn(),
  secretGet: vi.fn(),
  listKeys: vi.fn(),
  fetch: vi.fn(),
  storageGet: vi.fn(),
  put: vi.fn(),
  remove: vi.fn(),
  listEntries: vi.fn(),
  logInfo: vi.fn(),
  logWarn: vi.fn(),
  logError: vi.fn(),
  callRoute: vi.fn(),
  getUser: vi.fn(),
  listSchedules: vi.fn(),
  getSchedule: vi.fn(),
  createSchedule: vi.fn(),
  updateSchedule: vi.fn(),
  deleteSchedule: vi.fn(),
  getEndpoints: vi.fn(),
}));

vi.mock('alga:extension/context', () => ({ getContext: wire.getContext }));
vi.mock('alga:extension/secrets', () => ({ get: wire.secretGet, listKeys: wire.listKeys }));
vi.mock('alga:extension/http', () => ({ fetch: wire.fetch }));
vi.mock('alga:extension/storage', () => ({
  get: wire.storageGet,
  put: wire.put,
  delete: wire.remove,
  listEntries: wire.listEntries,
}));
vi.mock('alga:extension/logging', () => ({
  logInfo: wire.logInfo,
  logWarn: wire.logWarn,
  logError: wire.logError,
}));
vi.mock('alga:extension/ui-proxy', () => ({ callRoute: wire.callRoute }));
vi.mock('alga:extension/user', () => ({ getUser: wire.getUser }));
vi.mock('alga:extension/scheduler', () => ({
  listSchedules: wire.listSchedules,
  getSchedule: wire.getSchedule,
  createSchedule: wire.createSchedule,
  updateSchedule: wire.updateSchedule,
  deleteSchedule: wire.deleteSchedule,
  getEndpoints: wire.getEndpoints,
}));

const bytes = (text: string) => new TextEncoder().encode(text);

/** Makes a call be refused the way bindings do it: the case in `payload`, on an object that need not be an Error. */
function refuse(call: { mockImplementation(run: () => never): unknown }, code: string) {
  call.mockImplementation(() => {
    throw Object.create(null, { payload: { value: code }, message: { value: code } });
  });
}

const host = createHostBindings();
const request = {
  context: { tenantId: 't', extensionId: 'e' },
  http: { method: 'GET', url: '/', headers: [] },
};

beforeEach(() => {
  vi.resetAllMocks();
});

describe('withHost', () => {
  it('gives the handler the host it is promised', async () => {
    wire.getContext.mockReturnValue({ tenantId: 't', extensionId: 'e' });
    const handler = withHost(async (_, given) => ({
      status: 200,
      headers: [{ name: 'x-tenant', value: (await given.context.get()).tenantId }],
      body: bytes('hi'),
    }));
    expect(await handler(request)).toEqual({
      status: 200,
      headers: [{ name: 'x-tenant', value: 't' }],
      body: bytes('hi'),
    });
  });

  it('adds the headers that the platform cannot do without, and drops a null body', async () => {
    expect(await withHost(() => ({ status: 204, body: null }))(request)).toEqual({
      status: 204,
      headers: [],
    });
  });

  it('lets errors through', async () => {
    const handler = withHost(() => {
      throw new Error('boom');
    });
    await expect(handler(request)).rejects.toThrow('boom');
  });
});

describe('secrets, http, user, logging, uiProxy', () => {
  it('reads and lists secrets', async () => {
    wire.secretGet.mockReturnValue('s3cret');
    wire.listKeys.mockReturnValue(['a', 'b']);
    expect(await host.secrets.get('a')).toBe('s3cret');
    expect(await host.secrets.list()).toEqual(['a', 'b']);
  });

  it('says which call was refused and why', async () => {
    refuse(wire.secretGet, 'denied');
    const error: unknown = await host.secrets.get('a').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({ code: 'denied', message: 'secrets.get: denied', name: 'HostError' });
  });

  it('passes on what is not a refusal as it is', async () => {
    const broken = new TypeError('not a refusal');
    wire.secretGet.mockImplementation(() => {
      throw broken;
    });
    await expect(host.secrets.get('a')).rejects.toBe(broken);
  });

  it('fetches with a body, and with none where the caller says null', async () => {
    wire.fetch.mockReturnValue({ status: 200, headers: [], body: bytes('ok') });
    const outgoing = { method: 'POST', url: 'https://example.com', headers: [{ name: 'a', value: 'b' }] };
    expect(await host.http.fetch({ ...outgoing, body: bytes('x') })).toMatchObject({ status: 200 });
    expect(wire.fetch).toHaveBeenLastCalledWith({ ...outgoing, body: bytes('x') });
    await host.http.fetch({ ...outgoing, body: null });
    expect(wire.fetch).toHaveBeenLastCalledWith({ ...outgoing, body: undefined });
    refuse(wire.fetch, 'invalid-url');
    await expect(host.http.fetch(outgoing)).rejects.toMatchObject({ code: 'invalid-url' });
  });

  it('tells the user, or that there is none', async () => {
    wire.getUser.mockReturnValue({ userName: 'Ada' });
    expect(await host.user.getUser()).toEqual({ userName: 'Ada' });
    refuse(wire.getUser, 'not-available');
    await expect(host.user.getUser()).rejects.toMatchObject({ code: 'not-available' });
  });

  it('logs on three levels', async () => {
    await host.logging.info('i');
    await host.logging.warn('w');
    await host.logging.error('e');
    expect([wire.logInfo, wire.logWarn, wire.logError].map(log => log.mock.calls)).toEqual([
      [['i']],
      [['w']],
      [['e']],
    ]);
  });

  it('calls platform routes under both names', async () => {
    wire.callRoute.mockReturnValue(bytes('{}'));
    expect(await host.uiProxy.callRoute('/x', null)).toEqual(bytes('{}'));
    expect(await host.uiProxy.call?.('/x', bytes('1'))).toEqual(bytes('{}'));
    expect(wire.callRoute.mock.calls).toEqual([
      ['/x', undefined],
      ['/x', bytes('1')],
    ]);
    refuse(wire.callRoute, 'route-not-found');
    await expect(host.uiProxy.callRoute('/x')).rejects.toMatchObject({ code: 'route-not-found' });
  });
});

describe('storage', () => {
  it('gives the bytes of a record, null when there is none', async () => {
    wire.storageGet.mockReturnValue({ namespace: 'n', key: 'k', value: bytes('v'), revision: 3n });
    expect(await host.storage.get('n', 'k')).toEqual(bytes('v'));
    refuse(wire.storageGet, 'missing');
    expect(await host.storage.get('n', 'k')).toBeNull();
    refuse(wire.storageGet, 'denied');
    await expect(host.storage.get('n', 'k')).rejects.toMatchObject({ code: 'denied' });
  });

  it.each([
    [undefined, undefined],
    [null, undefined],
    [4, 4n],
  ])('writes with the expected revision %s', async (revision, expected) => {
    wire.put.mockReturnValue({});
    const entry = { namespace: 'n', key: 'k', value: bytes('v') };
    expect(await host.storage.put(revision === undefined ? entry : { ...entry, revision })).toBeUndefined();
    expect(wire.put).toHaveBeenCalledWith({ ...entry, revision: expected });
  });

  it('tells a conflict', async () => {
    refuse(wire.put, 'conflict');
    const entry = { namespace: 'n', key: 'k', value: bytes('v'), revision: 1 };
    await expect(host.storage.put(entry)).rejects.toMatchObject({ code: 'conflict' });
    refuse(wire.remove, 'conflict');
    await expect(host.storage.delete('n', 'k')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lists entries with revisions as numbers, so that they go into JSON', async () => {
    wire.listEntries.mockReturnValue([
      { namespace: 'n', key: 'a', value: bytes('1'), revision: 7n },
      { namespace: 'n', key: 'b', value: bytes('2') },
    ]);
    const listed = await host.storage.list('n');
    expect(listed).toEqual([
      { key: 'a', value: bytes('1'), revision: 7 },
      { key: 'b', value: bytes('2'), revision: null },
    ]);
    expect(wire.listEntries).toHaveBeenCalledWith('n', undefined);
    expect(() => JSON.stringify(listed)).not.toThrow();
  });
});

describe('scheduler', () => {
  const schedule = {
    id: 's1',
    endpointPath: '/sync',
    endpointMethod: 'POST',
    cron: '0 * * * *',
    timezone: 'UTC',
    enabled: true,
    payload: '{"full":true}',
    name: undefined,
  };

  it('lists schedules with payloads as values and null for what is absent', async () => {
    wire.listSchedules.mockReturnValue([schedule, { ...schedule, payload: undefined }]);
    const [first, second] = await host.scheduler.list();
    expect(first).toMatchObject({ id: 's1', name: null, payload: { full: true }, lastRunAt: null });
    expect(second).toMatchObject({ payload: null });
  });

  it('gives one schedule or null', async () => {
    wire.getSchedule.mockReturnValueOnce(schedule).mockReturnValueOnce(undefined);
    expect(await host.scheduler.get('s1')).toMatchObject({ id: 's1' });
    expect(await host.scheduler.get('s2')).toBeNull();
    refuse(wire.getSchedule, 'denied');
    await expect(host.scheduler.get('s1')).rejects.toMatchObject({ code: 'denied' });
  });

  it('creates with the payload as JSON text and gives field errors as an object', async () => {
    wire.createSchedule.mockReturnValue({
      success: false,
      scheduleId: undefined,
      error: 'no',
      fieldErrors: '{"cron":"bad"}',
    });
    const created = await host.scheduler.create({ endpoint: '/sync', cron: 'x', payload: [1] });
    expect(wire.createSchedule).toHaveBeenCalledWith({ endpoint: '/sync', cron: 'x', payload: '[1]' });
    expect(created).toEqual({ success: false, error: 'no', fieldErrors: { cron: 'bad' } });
  });

  it('hands on field errors that are not an object', async () => {
    wire.createSchedule.mockReturnValue({ success: false, fieldErrors: 'plain text' });
    const created = await host.scheduler.create({ endpoint: '/sync', cron: 'x' });
    expect(created.fieldErrors).toEqual({ '': 'plain text' });
    expect(wire.createSchedule).toHaveBeenCalledWith({ endpoint: '/sync', cron: 'x', payload: undefined });
  });

  it('updates with null as absent, and deletes', async () => {
    wire.updateSchedule.mockReturnValue({ success: true, error: undefined, fieldErrors: undefined });
    wire.deleteSchedule.mockReturnValue({ success: true, error: undefined });
    expect(await host.scheduler.update('s1', { name: null, payload: null })).toEqual({ success: true });
    expect(wire.updateSchedule).toHaveBeenCalledWith('s1', { name: undefined, payload: undefined });
    expect(await host.scheduler.delete('s1')).toEqual({ success: true });
  });

  it('lists the endpoints that can be scheduled', async () => {
    const endpoint = { id: '1', method: 'GET', path: '/a', handler: 'h', schedulable: true };
    wire.getEndpoints.mockReturnValue([endpoint]);
    expect(await host.scheduler.getEndpoints()).toEqual([endpoint]);
  });
});
