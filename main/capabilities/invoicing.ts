import { z } from 'zod';
import type { HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { Directory } from './directory.ts';
import { argumentsOf, installOf, isGranted, plain, type HostInterface } from './host-interface.ts';
import { createInvoiceService } from './invoice-service.ts';
import { asPlatformError, noteOf, type PlatformError } from './platform-error.ts';

const CAPABILITY = 'cap:invoice.manual.create';

/** The platform has no idempotency key for invoices (spec 9.6). */
const NOT_IDEMPOTENT = 'A draft was made; the same call again makes another one.';

/** A number of the world; the runner turns what is not finite into 0 (spec 3.5), and such a number arrives as null. */
const Amount = z
  .number()
  .nullable()
  .transform(amount => amount ?? 0);

const Arguments = z.object({
  input: z.object({
    clientId: z.string(),
    items: z.array(
      z.object({
        serviceId: z.string(),
        quantity: Amount,
        description: z.string(),
        rate: Amount,
        isDiscount: z.boolean().optional(),
        discountType: z.enum(['percentage', 'fixed']).optional(),
        appliesToItemId: z.string().optional(),
        appliesToServiceId: z.string().optional(),
      }),
    ),
    invoiceDate: z.string().optional(),
    dueDate: z.string().optional(),
    poNumber: z.string().optional(),
  }),
});

/**
 * `alga:extension/invoicing` (spec 3.4, 3.5, 9.6) over the local database: refused without the grant or an install, else a
 * draft. A refusal of the platform reaches the guest as the runner hands it on: `http <status>: <body>` in `error`, the
 * field errors only inside that text.
 */
export function createInvoicing(o: {
  store: Store;
  directory: Directory;
  now?: () => number;
}): HostInterface {
  const service = createInvoiceService({ ...o, now: o.now ?? Date.now });
  return {
    'create-manual-invoice': (context, call) => {
      if (!isGranted(context, CAPABILITY)) return failure(`Permission denied: ${CAPABILITY} not granted`);
      const installId = installOf(context);
      if (installId === undefined) return failure('Permission denied: install_id missing');
      const { input } = argumentsOf(Arguments, call);
      try {
        const invoice = service.create({ tenantId: context.tenantId, installId }, input);
        return { ...plain({ success: true, ...invoice }), note: NOT_IDEMPOTENT };
      } catch (error) {
        return refused(asPlatformError(error));
      }
    },
  };
}

function refused(error: PlatformError): HostReply {
  const { status, message, fieldErrors } = error;
  const body = JSON.stringify({ success: false, error: message, ...(fieldErrors && { fieldErrors }) });
  return { ...failure(`http ${status}: ${body}`), note: noteOf(error) };
}

function failure(error: string): HostReply {
  return plain({ success: false, error });
}
