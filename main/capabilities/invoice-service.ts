import { randomUUID } from 'node:crypto';
import type { Store } from '../store/index.ts';
import type { Directory } from './directory.ts';
import { amountsOf } from './invoice-amounts.ts';
import { checkInvoice, invalidInvoice, type FieldErrors, type InvoiceRequest } from './invoice-rules.ts';
import { PlatformError } from './platform-error.ts';
import { createTenantGate } from './tenant-gate.ts';

/** What the platform answers of a new draft; money in minor currency units. */
export interface CreatedInvoice {
  readonly invoiceId: string;
  readonly invoiceNumber: string;
  readonly status: string;
  readonly subtotal: number;
  readonly tax: number;
  readonly total: number;
}

/** The platform's invoicing API (spec section 9.6) over SQLite. */
export interface InvoiceService {
  /**
   * Writes a draft in one transaction. Throws 404 for an unknown install and 400 for fields that break a rule; a client or
   * service that the local tenant does not have counts as such.
   */
  create(scope: { tenantId: string; installId: string }, request: InvoiceRequest): CreatedInvoice;
}

/** The service over `store`; `now` gives epoch milliseconds. */
export function createInvoiceService(o: {
  store: Store;
  directory: Directory;
  now: () => number;
}): InvoiceService {
  const { store, directory, now } = o;
  const gate = createTenantGate(store.db);
  const lastNumber = store.db
    .prepare<[string], number>('SELECT coalesce(max(number), 0) FROM local_invoice WHERE tenant_id = ?')
    .pluck();
  const firstUser = store.db
    .prepare<[string], string>('SELECT id FROM local_user WHERE tenant_id = ? ORDER BY position LIMIT 1')
    .pluck();
  const insert = store.db.prepare<[Record<string, string | number | null>]>(
    `INSERT INTO local_invoice (id, tenant_id, install_id, client_id, number, status, invoice_date, due_date, po_number,
       subtotal, tax, total, items, created_by, created_at)
     VALUES (:id, :tenantId, :installId, :clientId, :number, :status, :invoiceDate, :dueDate, :poNumber,
       :subtotal, :tax, :total, :items, :createdBy, :at)`,
  );

  function checkReferences(tenantId: string, { clientId, items }: InvoiceRequest): void {
    const errors: FieldErrors = {};
    if (!directory.client(tenantId, clientId)) errors['clientId'] = 'The local tenant has no such client';
    for (const [index, { serviceId }] of items.entries()) {
      if (!directory.service(tenantId, serviceId)) {
        errors[`items[${index}].serviceId`] = 'The local tenant has no such service';
      }
    }
    if (Object.keys(errors).length > 0) throw invalidInvoice(errors);
  }

  function write(scope: { tenantId: string; installId: string }, request: InvoiceRequest): CreatedInvoice {
    const number = (lastNumber.get(scope.tenantId) ?? 0) + 1;
    const { lines, ...sums } = amountsOf(request.items);
    if (!Number.isSafeInteger(sums.total)) throw new PlatformError(500, 'The amounts are too large.');
    const at = now();
    const invoiceDate = request.invoiceDate ?? new Date(at).toISOString().slice(0, 10);
    const draft = { id: randomUUID(), status: 'draft', ...sums };
    insert.run({
      ...draft,
      ...scope,
      number,
      at,
      invoiceDate,
      clientId: request.clientId.toLowerCase(),
      dueDate: request.dueDate ?? invoiceDate,
      poNumber: request.poNumber ?? null,
      items: JSON.stringify(request.items.map((item, index) => ({ ...item, amount: lines[index] }))),
      // The platform, too, takes whichever user of the tenant comes first (spec 9.6).
      createdBy: firstUser.get(scope.tenantId) ?? null,
    });
    const { id, ...rest } = draft;
    return { invoiceId: id, invoiceNumber: `INV-${String(number).padStart(6, '0')}`, ...rest };
  }

  return {
    create(scope, request) {
      const run = store.db.transaction(() => {
        gate.installedVersion(scope.tenantId, scope.installId);
        checkInvoice(request);
        checkReferences(scope.tenantId, request);
        return write(scope, request);
      });
      return run.immediate();
    },
  };
}
