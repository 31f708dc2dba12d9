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

/** Every optional field there. */
const FULL: Readonly<Record<string, unknown>> = {
  'http.fetch': {
    ok: {
      status: 599,
      headers: [
        { name: 'Set-Cookie', value: 'a=1' },
        { name: 'set-cookie', value: 'b=2' },
      ],
    },
  },
  'user-v2.get-user': {
    ok: {
      ...USER,
      clientId: 'ç',
      additionalFields: [
        ['', ''],
        ['k', 'v'],
        ['k', 'w'],
      ],
    },
  },
  'scheduler.get-schedule': {
    ok: {
      ...SCHEDULE,
      name: 'nightly',
      lastRunAt: '2026-08-01T00:00:00Z',
      lastRunStatus: 'failed',
      lastError: 'late',
      createdAt: '2026-07-01T00:00:00Z',
    },
  },
  'scheduler.create-schedule': { success: false, error: 'quota', fieldErrors: '{"endpoint":"unknown"}' },
  'scheduler.update-schedule': { success: true },
  'scheduler.delete-schedule': { success: false, error: 'gone' },
  'invoicing.create-manual-invoice': {
    success: false,
    invoiceId: 'i',
    invoiceNumber: 'INV-1',
    status: 'draft',
    subtotal: 0.1,
    tax: -0.5,
    total: 1e300,
    error: 'no',
    fieldErrors: '{}',
  },
  'clients.get-client': {
    ok: {
      ...CLIENT,
      clientType: 'company',
      isInactive: true,
      defaultCurrencyCode: 'EUR',
      accountManagerId: 'm',
      accountManagerName: 'M',
    },
  },
  'services.get-service': { ok: { ...SERVICE, serviceTypeId: 't', serviceTypeName: 'T', sku: '0815' } },
};

/** As little as the types allow. */
const EMPTY: Readonly<Record<string, unknown>> = {
  'secrets.get': { ok: '' },
  'secrets.list-keys': [],
  'http.fetch': { ok: { status: 0, headers: [] } },
  'storage.get': { ok: { namespace: '', key: '' } },
  'storage.put': { ok: { namespace: '', key: '' } },
  'storage.list-entries': { ok: [] },
  'user-v2.get-user': { ok: { ...USER, clientName: '', additionalFields: [] } },
  'scheduler.list-schedules': { ok: [] },
  'scheduler.create-schedule': { success: false },
  'scheduler.get-endpoints': { ok: [] },
  'invoicing.create-manual-invoice': { success: false },
  'clients.list-clients': { ok: { items: [], totalCount: 0, page: 0, pageSize: 4294967295 } },
  'clients.get-client': { ok: null },
  'services.list-services': { ok: { items: [], totalCount: 0, page: 0, pageSize: 0 } },
};

const WITH_BYTES = new Set(['http.fetch', 'storage.get', 'storage.put', 'ui-proxy.call-route']);
const BYTES: Readonly<Record<string, Buffer>> = {
  '/empty': Buffer.alloc(0),
  '/full': Buffer.alloc(70_000, 'ä'),
};
const PLAIN_BYTES = Buffer.from([0, 255, 7]);

/**
 * The host's answer: to requests for `/error/<case>` that error, to `/empty` and `/full` as little and as much as the
 * types allow; else the interface's usual error when the arguments say `fail`, and the usual value.
 */
export function answerTo(call: HostCall, url: string): HostReply {
  const name = `${call.interface}.${call.function}`;
  const [, error] = /^\/error\/([a-z-]+)/.exec(url) ?? [];
  const usual = call.argsJson.includes('fail') ? ERRORS[call.interface] : undefined;
  if ((error ?? usual) !== undefined) return { valueJson: JSON.stringify({ err: error ?? usual }) };
  const special = { '/full': FULL, '/empty': EMPTY }[url]?.[name];
  const valueJson = JSON.stringify(special ?? VALUES[name]);
  return { valueJson, ...(WITH_BYTES.has(name) && { bytes: BYTES[url] ?? PLAIN_BYTES }) };
}
