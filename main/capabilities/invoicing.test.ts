import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import { DEMO_CLIENTS, DEMO_SERVICES } from './demo-data.ts';
import { callOf, contextWith, memoryStore, TENANT, writeInstall } from './test-kit.ts';

const CLIENT = DEMO_CLIENTS[0]?.id ?? '';
const [SERVICE, OTHER] = [DEMO_SERVICES[0]?.id ?? '', DEMO_SERVICES[1]?.id ?? ''];
const UNKNOWN = '11111111-1111-4111-8111-111111111111';
const ITEM = { serviceId: SERVICE, quantity: 2, description: 'Work', rate: 150 };
const DISCOUNT = { ...ITEM, quantity: 1, isDiscount: true };
const START = Date.UTC(2026, 0, 15, 23, 59);

let store: Store;
let capabilities: Capabilities;
beforeEach(() => {
  store = memoryStore();
  writeInstall(store);
  capabilities = createCapabilities({ store, now: () => START });
});
afterEach(async () => {
  await capabilities.close();
  store.close();
});

async function make(input: object): Promise<HostReply> {
  const context = contextWith(['cap:invoice.manual.create']);
  const call = callOf('invoicing.create-manual-invoice', {
    input: { clientId: CLIENT, items: [ITEM], ...input },
  });
  return capabilities.hostFunctions(context)(call);
}

const withItem = (change: object): Promise<HostReply> => make({ items: [{ ...ITEM, ...change }] });
const refused = (fieldErrors: Record<string, string>): unknown => ({
  success: false,
  error: `http 400: ${JSON.stringify({ success: false, error: 'Validation error', fieldErrors })}`,
});
const drafts = (): unknown[] => store.db.prepare('SELECT * FROM local_invoice ORDER BY number').all();

describe('a draft', () => {
  test('is written and answered flat', async () => {
    const reply = await make({ poNumber: 'PO-1' });
    expect(reply.value).toEqual({
      success: true,
      invoiceId: expect.any(String) as unknown,
      invoiceNumber: 'INV-000001',
      status: 'draft',
      subtotal: 300,
      tax: 0,
      total: 300,
    });
    expect(drafts()).toEqual([
      expect.objectContaining({
        tenant_id: TENANT.tenantId,
        install_id: 'install-1',
        client_id: CLIENT,
        invoice_date: '2026-01-15',
        due_date: '2026-01-15',
        po_number: 'PO-1',
        created_by: 'tenant-1 user-0',
        items: JSON.stringify([{ ...ITEM, amount: 300 }]),
      }),
    ]);
  });

  test('the same call again makes another one, and the note says so', async () => {
    await make({});
    const reply = await make({});
    expect(reply.value).toMatchObject({ invoiceNumber: 'INV-000002' });
    expect(reply.note).toContain('makes another one');
    expect(drafts()).toHaveLength(2);
  });

  test.each([
    [{ invoiceDate: '2026-02-01' }, { invoice_date: '2026-02-01', due_date: '2026-02-01' }],
    [{ dueDate: '2026-03-01' }, { invoice_date: '2026-01-15', due_date: '2026-03-01' }],
    [{ invoiceDate: '2026-99-99' }, { invoice_date: '2026-99-99' }],
    [{ poNumber: 'x'.repeat(128) }, { po_number: 'x'.repeat(128) }],
  ])('%o', async (input, expected) => {
    expect((await make(input)).value).toMatchObject({ success: true });
    expect(drafts()).toEqual([expect.objectContaining(expected)]);
  });

  test.each([
    ['rates are rounded', [{ ...ITEM, rate: 99.5 }], 200],
    ['quantities may be parts', [{ ...ITEM, quantity: 0.5, rate: 101 }], 51],
    ['a rate of none', [{ ...ITEM, rate: 0 }], 0],
    ['a rate that is not finite is 0', [{ ...ITEM, rate: null }], 0],
    ['a fixed discount', [ITEM, { ...DISCOUNT, discountType: 'fixed', rate: 50 }], 250],
    ['a percentage of all', [ITEM, { ...DISCOUNT, discountType: 'percentage', rate: 10 }], 270],
    ['100 percent', [ITEM, { ...DISCOUNT, discountType: 'percentage', rate: 100 }], 0],
    [
      'a percentage of one service',
      [
        ITEM,
        { ...ITEM, serviceId: OTHER, rate: 1000 },
        { ...DISCOUNT, discountType: 'percentage', rate: 50, appliesToServiceId: OTHER },
      ],
      1300,
    ],
    [
      'a discount on an item',
      [ITEM, { ...DISCOUNT, discountType: 'fixed', rate: 1, appliesToItemId: UNKNOWN }],
      299,
    ],
  ])('%s', async (_, items, total) => {
    expect((await make({ items })).value).toMatchObject({ success: true, subtotal: total, tax: 0, total });
  });
});

describe('rules (spec 9.6)', () => {
  test.each([
    [{ clientId: '' }, { clientId: 'Required' }],
    [{ clientId: 'acme' }, { clientId: 'Invalid UUID' }],
    [{ clientId: '11111111-1111-6111-8111-111111111111' }, { clientId: 'Invalid UUID' }],
    [{ clientId: UNKNOWN }, { clientId: 'The local tenant has no such client' }],
    [{ items: [] }, { items: 'Must include at least one item' }],
    [{ invoiceDate: '15.01.2026' }, { invoiceDate: 'Must be YYYY-MM-DD' }],
    [{ dueDate: '' }, { dueDate: 'Must be YYYY-MM-DD' }],
    [{ poNumber: 'x'.repeat(129) }, { poNumber: 'Too long' }],
  ])('%o', async (input, fieldErrors) => {
    expect((await make(input)).value).toEqual(refused(fieldErrors));
    expect(drafts()).toEqual([]);
  });

  const only = 'Only a discount applies to something';
  test.each([
    [{ serviceId: '' }, 'serviceId', 'Required'],
    [{ serviceId: 'x' }, 'serviceId', 'Invalid UUID'],
    [{ serviceId: UNKNOWN }, 'serviceId', 'The local tenant has no such service'],
    [{ description: '' }, 'description', 'Required'],
    [{ description: 'x'.repeat(501) }, 'description', 'Too long'],
    [{ quantity: 0 }, 'quantity', 'Must be greater than zero'],
    [{ quantity: -1 }, 'quantity', 'Must be greater than zero'],
    [{ quantity: null }, 'quantity', 'Must be greater than zero'],
    [{ rate: -0.01 }, 'rate', 'Must not be negative'],
    [{ isDiscount: true, discountType: 'percentage', rate: 100.5 }, 'rate', 'A percentage is 0 to 100'],
    [{ isDiscount: true }, 'discountType', 'Required for a discount'],
    [{ discountType: 'fixed' }, 'discountType', 'Only a discount has a type'],
    [{ isDiscount: false, discountType: 'fixed' }, 'discountType', 'Only a discount has a type'],
    [{ appliesToItemId: UNKNOWN }, 'appliesToItemId', only],
    [{ appliesToServiceId: UNKNOWN }, 'appliesToServiceId', only],
    [{ isDiscount: true, discountType: 'fixed', appliesToItemId: 'x' }, 'appliesToItemId', 'Invalid UUID'],
    [
      { isDiscount: true, discountType: 'fixed', appliesToItemId: UNKNOWN, appliesToServiceId: SERVICE },
      'appliesToServiceId',
      'Only one of the two targets is allowed',
    ],
  ])('item %o', async (change, field, message) => {
    const reply = await withItem(change);
    expect(reply.value).toEqual(refused({ [`items[0].${field}`]: message }));
    expect(reply.note).toContain('HTTP 400: Validation error');
    expect(drafts()).toEqual([]);
  });

  test('every broken field is named, and nowhere but in the error text', async () => {
    const reply = await make({ clientId: 'x', items: [ITEM, { ...ITEM, rate: -1, quantity: 0 }] });
    expect(reply.value).toEqual(
      refused({
        clientId: 'Invalid UUID',
        'items[1].quantity': 'Must be greater than zero',
        'items[1].rate': 'Must not be negative',
      }),
    );
  });

  test('amounts beyond exact whole numbers are a failure of the server', async () => {
    const { value } = await withItem({ quantity: 1e300 });
    expect(value).toEqual({ success: false, error: expect.stringContaining('http 500: ') as unknown });
  });

  test('a refusal before anything was read leaves the demo rows to come', async () => {
    await make({ clientId: UNKNOWN });
    expect((await make({})).value).toMatchObject({ success: true });
  });
});
