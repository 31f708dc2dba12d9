import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import { DEMO_CLIENTS, DEMO_SERVICES } from './demo-data.ts';
import type { HostContext } from './host-context.ts';
import {
  AGENT,
  askOnce,
  callOf,
  CLIENT_USER,
  contextWith,
  memoryStore,
  without,
  writeInstall,
} from './test-kit.ts';

interface Listed {
  items: { clientName?: string; serviceName?: string; isInactive?: boolean; isActive?: boolean }[];
  totalCount: number;
  page: number;
  pageSize: number;
}

const UNKNOWN = '11111111-1111-4111-8111-111111111111';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let store: Store;
let capabilities: Capabilities;
beforeEach(() => {
  store = memoryStore();
  writeInstall(store);
  capabilities = createCapabilities({ store });
});
afterEach(async () => {
  await capabilities.close();
  store.close();
});

const asAgent = (more: Partial<HostContext> = {}): HostContext =>
  contextWith(['cap:client.read', 'cap:service.read'], { user: AGENT, ...more });

async function ask(name: string, args: Record<string, unknown>, context = asAgent()): Promise<HostReply> {
  return capabilities.hostFunctions(context)(callOf(name, args));
}
async function list(name: 'clients' | 'services', input: object): Promise<Listed> {
  return ((await ask(`${name}.list-${name}`, { input })).value as { ok: Listed }).ok;
}
const names = ({ items }: Listed): string[] => items.map(item => item.clientName ?? item.serviceName ?? '');

describe('demo data', () => {
  test('enough of both, with ids that every rule of the platform takes', () => {
    expect(DEMO_CLIENTS.length).toBeGreaterThanOrEqual(30);
    expect(DEMO_SERVICES.length).toBeGreaterThanOrEqual(12);
    const ids = [...DEMO_CLIENTS, ...DEMO_SERVICES].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(id => UUID.test(id))).toBe(true);
  });

  test('is written once: what was deleted stays deleted in the next process', async () => {
    const { totalCount } = await list('clients', {});
    store.db.prepare('DELETE FROM local_client WHERE client_id = ?').run(DEMO_CLIENTS[0]?.id);
    const again = await askOnce(store, asAgent(), callOf('clients.list-clients', { input: {} }));
    expect(again.value).toMatchObject({ ok: { totalCount: totalCount - 1 } });
  });

  test('each tenant has its own', async () => {
    await list('clients', {});
    store.db.exec('DELETE FROM local_client');
    writeInstall(store, [], { tenantId: 'tenant-2', installId: 'install-2' });
    const other = asAgent({ tenantId: 'tenant-2', installId: 'install-2' });
    expect((await ask('clients.list-clients', { input: {} }, other)).value).toMatchObject({
      ok: { totalCount: 32 },
    });
    expect((await list('clients', {})).totalCount).toBe(0);
  });

  test('the client of the tenant’s own client user is among them', async () => {
    store.db.prepare('UPDATE local_user SET client_id = ? WHERE client_id IS NOT NULL').run(UNKNOWN);
    expect((await ask('clients.get-client', { clientId: UNKNOWN })).value).toMatchObject({
      ok: { clientName: 'Customer Example' },
    });
  });
});

describe.each(['clients', 'services'] as const)('%s: pages (spec 9.7)', name => {
  test('page 1 of 25 by default, by name, and the rest on the next', async () => {
    const first = await list(name, {});
    expect(first).toMatchObject({ page: 1, pageSize: 25 });
    const small = await list(name, { page: 2, pageSize: 5 });
    expect(small).toMatchObject({ page: 2, pageSize: 5, totalCount: first.totalCount });
    expect(names(small)).toEqual(names(first).slice(5, 10));
    const all = names(await list(name, { pageSize: 100 }));
    expect(all).toHaveLength(first.totalCount);
    expect(all).toEqual([...all].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' })));
    expect((await list(name, { page: 10_000 })).items).toEqual([]);
  });

  test.each([
    [{ page: 0 }, 'invalid-input'],
    [{ pageSize: 0 }, 'invalid-input'],
    [{ pageSize: 101 }, 'invalid-input'],
    [{ page: 10_001 }, 'invalid-input'],
    [{ search: 'x'.repeat(201) }, 'invalid-input'],
  ])('%o is %s', async (input, errorCase) => {
    expect((await ask(`${name}.list-${name}`, { input })).value).toEqual({ err: errorCase });
  });
});

describe('clients', () => {
  test('inactive ones are hidden unless asked for', async () => {
    const shown = await list('clients', { pageSize: 100 });
    expect(shown.items.every(({ isInactive }) => isInactive === false)).toBe(true);
    const all = await list('clients', { pageSize: 100, includeInactive: true });
    expect(all.totalCount).toBe(shown.totalCount + 3);
    expect(all.items.filter(({ isInactive }) => isInactive)).toHaveLength(3);
  });

  test.each(['a', '  ', DEMO_CLIENTS[0]?.id])(
    'a search for %o is internal, and the note says why',
    async search => {
      const reply = await ask('clients.list-clients', { input: { search } });
      expect(reply.value).toEqual({ err: 'internal' });
      expect(reply.note).toContain('UUID column client_id');
    },
  );

  test('an empty search is none', async () => {
    expect((await list('clients', { search: '' })).totalCount).toBeGreaterThan(0);
  });

  test('get: a full one, one with nothing optional, none, no id', async () => {
    const [full, bare] = [DEMO_CLIENTS[0], DEMO_CLIENTS.at(-1)];
    expect((await ask('clients.get-client', { clientId: full?.id.toUpperCase() })).value).toEqual({
      ok: {
        clientId: full?.id,
        clientName: 'Alder & Finch Architects',
        clientType: 'company',
        isInactive: false,
        defaultCurrencyCode: 'USD',
        accountManagerId: 'tenant-1 user-0',
        accountManagerName: 'Demo Agent',
        billingEmail: 'billing@alder-finch-architects.example',
      },
    });
    expect((await ask('clients.get-client', { clientId: bare?.id })).value).toEqual({
      ok: { clientId: bare?.id, clientName: 'Yusra Okonedo', isInactive: false },
    });
    expect((await ask('clients.get-client', { clientId: UNKNOWN })).value).toEqual({ ok: null });
    expect((await ask('clients.get-client', { clientId: 'acme' })).value).toEqual({ err: 'invalid-input' });
  });
});

describe('services', () => {
  test.each([
    [{}, 14],
    [{ itemKind: 'product' }, 4],
    [{ itemKind: 'service' }, 10],
    [{ isActive: true }, 12],
    [{ isActive: false }, 2],
    [{ billingMethod: 'hourly' }, 4],
    [{ itemKind: 'product', billingMethod: 'usage' }, 1],
    [{ search: 'MANAGE' }, 3],
    [{ search: 'hw-' }, 3],
    [{ search: '%' }, 0],
    [{ search: '' }, 14],
  ])('%o gives %i', async (input, count) => {
    const listed = await list('services', input);
    expect(listed.totalCount).toBe(count);
    expect(listed.items).toHaveLength(count);
  });

  test('get: a full one, one with nothing optional, none, no id', async () => {
    const product = DEMO_SERVICES.find(({ sku }) => sku === 'HW-AP-01');
    const plain = DEMO_SERVICES.find(({ type }) => type === null);
    expect((await ask('services.get-service', { serviceId: product?.id })).value).toEqual({
      ok: {
        serviceId: product?.id,
        serviceName: 'Access point',
        itemKind: 'product',
        billingMethod: 'fixed',
        serviceTypeId: expect.stringMatching(UUID) as unknown,
        serviceTypeName: 'Hardware',
        defaultRate: 18_900,
        unitOfMeasure: 'each',
        isActive: true,
        sku: 'HW-AP-01',
      },
    });
    const { ok } = (await ask('services.get-service', { serviceId: plain?.id })).value as { ok: object };
    expect(Object.keys(ok)).not.toContain('serviceTypeId');
    expect((await ask('services.get-service', { serviceId: UNKNOWN })).value).toEqual({ ok: null });
    expect((await ask('services.get-service', { serviceId: 'x' })).value).toEqual({ err: 'invalid-input' });
  });
});

/** Each of the four functions, so that none of them forgets. */
const READS: [string, string, Record<string, unknown>][] = [
  ['clients.list-clients', 'client:read', { input: {} }],
  ['clients.get-client', 'client:read', { clientId: UNKNOWN }],
  ['services.list-services', 'service:read', { input: {} }],
  ['services.get-service', 'service:read', { serviceId: UNKNOWN }],
];

describe('access', () => {
  test.each(READS)('%s asks for %s', async (name, permission, args) => {
    const asClient = asAgent({ user: CLIENT_USER });
    const refused = await ask(name, args, asClient);
    expect(refused.value).toEqual({ err: 'not-allowed' });
    expect(refused.note).toBe(`HTTP 403: Demo Client (client) lacks ${permission}.`);
    store.db.prepare("INSERT INTO local_role_permission VALUES ('client', ?)").run(permission);
    expect((await ask(name, args, asClient)).value).toHaveProperty('ok');
  });

  test.each(READS)('%s without a user is not checked', async (name, _, args) => {
    expect((await ask(name, args, without(asAgent(), 'user'))).value).toHaveProperty('ok');
  });

  test.each(READS)('%s: an unknown install and a failing database are internal', async (name, _, args) => {
    const unknown = await ask(name, args, asAgent({ installId: 'install-9' }));
    expect(unknown.value).toEqual({ err: 'internal' });
    expect(unknown.note).toContain('HTTP 404');
    store.db.exec('DROP TABLE local_client; DROP TABLE local_service');
    const failing = await ask(name, args);
    expect(failing.value).toEqual({ err: 'internal' });
    expect(failing.note).toContain('HTTP 500: no such table');
  });
});
