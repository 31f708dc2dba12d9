import type { HostCall, HostReply } from '../engine.testing.ts';

const USER = {
  tenantId: 't',
  clientName: 'Client',
  userId: 'u',
  userEmail: 'u@example.test',
  userName: 'U',
  userType: 'internal',
};
const SCHEDULE = {
  id: 's',
  endpointPath: '/e',
  endpointMethod: 'GET',
  cron: '* * * * *',
  timezone: 'UTC',
  enabled: true,
  payload: '{"a":1}',
};
const CLIENT = { clientId: 'c', clientName: 'C', isInactive: false, billingEmail: 'c@example.test' };
const SERVICE = {
  serviceId: 's',
  serviceName: 'S',
  itemKind: 'product',
  billingMethod: 'hourly',
  defaultRate: 12.5,
  unitOfMeasure: 'h',
  isActive: true,
};

const ERRORS: Readonly<Record<string, string>> = {
  secrets: 'denied',
  http: 'not-allowed',
  storage: 'conflict',
  'ui-proxy': 'route-not-found',
};

const VALUES: Readonly<Record<string, unknown>> = {
  'secrets.get': { ok: 'sécret' },
  'secrets.list-keys': ['b', 'a', ''],
  'http.fetch': { ok: { status: 203, headers: [{ name: 'h', value: 'v' }] } },
  'storage.get': { ok: { namespace: 'n', key: 'k', revision: 3 } },
  'storage.put': { ok: { namespace: 'n', key: 'k', revision: 8 } },
  'storage.delete': { ok: null },
  'storage.list-entries': { ok: [{ namespace: 'n', key: 'k', value: 'AQI=', revision: 1 }] },
  'ui-proxy.call-route': { ok: null },
  'user.get-user': { ok: USER },
  'user-v2.get-user': { ok: { ...USER, clientId: 'c', additionalFields: [['a', 'b']] } },
  'scheduler.list-schedules': { ok: [SCHEDULE, { ...SCHEDULE, name: 'n', enabled: false }] },
  'scheduler.get-schedule': { ok: null },
  'scheduler.create-schedule': { success: true, scheduleId: 's' },
  'scheduler.update-schedule': { success: false, error: 'no', fieldErrors: '{"cron":"bad"}' },
  'scheduler.delete-schedule': { success: true },
  'scheduler.get-endpoints': { ok: [{ id: 'e', method: 'GET', path: '/', handler: 'h', schedulable: true }] },
  'invoicing.create-manual-invoice': { success: true, invoiceId: 'i', subtotal: 150, tax: 0.1 },
  'clients.list-clients': { ok: { items: [CLIENT], totalCount: 1, page: 2, pageSize: 25 } },
  'clients.get-client': { ok: CLIENT },
  'services.list-services': { ok: { items: [SERVICE], totalCount: 1, page: 1, pageSize: 25 } },
  'services.get-service': { ok: null },
};

const WITH_BYTES = new Set(['http.fetch', 'storage.get', 'storage.put', 'ui-proxy.call-route']);

function answerTo(call: HostCall): { valueJson: string; bytes?: Buffer } {
  const name = `${call.interface}.${call.function}`;
  const error = ERRORS[call.interface];
  if (error !== undefined && call.argsJson.includes('fail'))
    return { valueJson: JSON.stringify({ err: error }) };
  const valueJson = JSON.stringify(VALUES[name]);
  return { valueJson, ...(WITH_BYTES.has(name) && { bytes: Buffer.from([0, 255, 7]) }) };
}
