import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CAPABILITIES, type Capability, type HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import type { HostContext } from './host-context.ts';
import { callOf, contextWith, memoryStore } from './test-kit.ts';

let store: Store;
let capabilities: Capabilities;
beforeEach(() => {
  store = memoryStore();
  capabilities = createCapabilities({ store });
});
afterEach(async () => {
  await capabilities.close();
  store.close();
});

async function ask(
  context: HostContext,
  name: string,
  args: Record<string, unknown> = {},
): Promise<HostReply> {
  return capabilities.hostFunctions(context)(callOf(name, args));
}

const entry = { namespace: 'notes', key: 'a' };
const get = { request: { method: 'GET', url: 'http://127.0.0.1:1/', headers: [] } };
const refused = (error: string): unknown => ({ success: false, error });

interface Row {
  name: string;
  args?: Record<string, unknown>;
  capability: Capability;
  /** Answer without the capability, and whether the host writes an error line. */
  without: unknown;
  logs: boolean;
  /** Answer with the capability and no install. */
  withoutInstall?: unknown;
  /** Answer with both and nothing behind them. */
  bare?: unknown;
}

const UUID = '11111111-1111-4111-8111-111111111111';
const schedulerText = refused('Permission denied: cap:scheduler.manage not granted');

/** Spec 3.4, one row each; `bare` after spec 9.1, 9.2 and 9.4 to 9.7: the database knows no such install. */
const ROWS: Row[] = [
  {
    name: 'secrets.get',
    args: { key: 'x' },
    capability: 'cap:secrets.get',
    without: { err: 'denied' },
    logs: true,
    bare: { err: 'missing' },
  },
  { name: 'secrets.list-keys', capability: 'cap:secrets.get', without: [], logs: false, bare: ['api_key'] },
  {
    name: 'http.fetch',
    args: get,
    capability: 'cap:http.fetch',
    without: { err: 'not-allowed' },
    logs: true,
  },
  {
    name: 'storage.get',
    args: entry,
    capability: 'cap:storage.kv',
    without: { err: 'denied' },
    logs: true,
    withoutInstall: { err: 'denied' },
    bare: { err: 'missing' },
  },
  {
    name: 'storage.put',
    args: { entry },
    capability: 'cap:storage.kv',
    without: { err: 'denied' },
    logs: true,
    withoutInstall: { err: 'denied' },
  },
  {
    name: 'storage.delete',
    args: entry,
    capability: 'cap:storage.kv',
    without: { err: 'denied' },
    logs: true,
    withoutInstall: { err: 'denied' },
    bare: { err: 'conflict' },
  },
  {
    name: 'storage.list-entries',
    args: { namespace: 'notes' },
    capability: 'cap:storage.kv',
    without: { err: 'denied' },
    logs: true,
    withoutInstall: { err: 'denied' },
    bare: { ok: [] },
  },
  {
    name: 'logging.log-info',
    args: { message: 'm' },
    capability: 'cap:log.emit',
    without: null,
    logs: false,
  },
  {
    name: 'logging.log-warn',
    args: { message: 'm' },
    capability: 'cap:log.emit',
    without: null,
    logs: false,
  },
  {
    name: 'logging.log-error',
    args: { message: 'm' },
    capability: 'cap:log.emit',
    without: null,
    logs: false,
  },
  {
    name: 'ui-proxy.call-route',
    args: { route: '/api/x' },
    capability: 'cap:ui.proxy',
    without: { err: 'denied' },
    logs: true,
    bare: { err: 'route-not-found' },
  },
  { name: 'user.get-user', capability: 'cap:user.read', without: { err: 'not-allowed' }, logs: true },
  { name: 'user-v2.get-user', capability: 'cap:user.read', without: { err: 'not-allowed' }, logs: true },
  {
    name: 'scheduler.list-schedules',
    capability: 'cap:scheduler.manage',
    without: { err: 'denied' },
    logs: true,
    withoutInstall: { err: 'denied' },
    bare: { err: 'not-found' },
  },
  {
    name: 'scheduler.get-schedule',
    args: { scheduleId: UUID },
    capability: 'cap:scheduler.manage',
    without: { err: 'denied' },
    logs: true,
    withoutInstall: { err: 'denied' },
    bare: { err: 'not-found' },
  },
  {
    name: 'scheduler.get-endpoints',
    capability: 'cap:scheduler.manage',
    without: { err: 'denied' },
    logs: true,
    withoutInstall: { err: 'denied' },
    bare: { err: 'not-found' },
  },
  {
    name: 'scheduler.create-schedule',
    args: { input: { endpoint: '/x', cron: '0 0 * * *' } },
    capability: 'cap:scheduler.manage',
    without: schedulerText,
    logs: false,
    withoutInstall: refused('Install ID missing'),
    bare: refused('NotFound'),
  },
  {
    name: 'scheduler.update-schedule',
    args: { scheduleId: UUID, input: {} },
    capability: 'cap:scheduler.manage',
    without: schedulerText,
    logs: false,
    withoutInstall: refused('Install ID missing'),
    bare: refused('NotFound'),
  },
  {
    name: 'scheduler.delete-schedule',
    args: { scheduleId: UUID },
    capability: 'cap:scheduler.manage',
    without: schedulerText,
    logs: false,
    withoutInstall: refused('Install ID missing'),
    bare: refused('NotFound'),
  },
  {
    name: 'invoicing.create-manual-invoice',
    args: { input: { clientId: UUID, items: [] } },
    capability: 'cap:invoice.manual.create',
    without: refused('Permission denied: cap:invoice.manual.create not granted'),
    logs: false,
    withoutInstall: refused('Permission denied: install_id missing'),
    bare: refused('http 404: {"success":false,"error":"The tenant has no such install."}'),
  },
  {
    name: 'clients.list-clients',
    args: { input: {} },
    capability: 'cap:client.read',
    without: { err: 'not-allowed' },
    logs: false,
    withoutInstall: { err: 'not-allowed' },
    bare: { err: 'internal' },
  },
  {
    name: 'clients.get-client',
    args: { clientId: UUID },
    capability: 'cap:client.read',
    without: { err: 'not-allowed' },
    logs: false,
    withoutInstall: { err: 'not-allowed' },
    bare: { err: 'internal' },
  },
  {
    name: 'services.list-services',
    args: { input: {} },
    capability: 'cap:service.read',
    without: { err: 'not-allowed' },
    logs: false,
    withoutInstall: { err: 'not-allowed' },
    bare: { err: 'internal' },
  },
  {
    name: 'services.get-service',
    args: { serviceId: UUID },
    capability: 'cap:service.read',
    without: { err: 'not-allowed' },
    logs: false,
    withoutInstall: { err: 'not-allowed' },
    bare: { err: 'internal' },
  },
];

describe('every row of spec 3.4', () => {
  test.each(ROWS)('$name without $capability', async ({ name, args, capability, without, logs }) => {
    const context = contextWith(CAPABILITIES.filter(other => other !== capability));
    expect((await ask(context, name, args)).value).toEqual(without);
    const line = { level: 'error', message: `${name}: ${capability} is not granted`, source: 'host' };
    expect(context.logs).toEqual(logs ? [line] : []);
  });

  const needInstall = ROWS.filter(row => row.withoutInstall !== undefined);
  test.each(needInstall)('$name without an install', async ({ name, args, capability, withoutInstall }) => {
    const context = contextWith([capability], { installId: '' });
    expect((await ask(context, name, args)).value).toEqual(withoutInstall);
    expect(context.logs).toEqual([]);
  });

  test.each(ROWS.filter(row => row.bare !== undefined))(
    '$name granted, with nothing behind it',
    async ({ name, args, capability, bare }) => {
      const context = contextWith([capability]);
      expect((await ask(context, name, args)).value).toEqual(bare);
      expect(context.logs).toEqual([]);
    },
  );
});
