import type { HostReply } from '../../contract/index.ts';
import { installOf, isGranted, plain, type HostInterface } from './host-interface.ts';
import { NO_PLATFORM } from './platform-absent.ts';

const CAPABILITY = 'cap:invoice.manual.create';

function failure(error: string): HostReply {
  return plain({ success: false, error });
}

/** `alga:extension/invoicing` (spec 3.4, 9.0, 9.6) with no platform behind it: every answer is a record with an error text. */
export const invoicingInterface: HostInterface = {
  'create-manual-invoice': context => {
    if (!isGranted(context, CAPABILITY)) return failure(`Permission denied: ${CAPABILITY} not granted`);
    if (installOf(context) === undefined) return failure('Permission denied: install_id missing');
    return { ...failure('The invoicing service is not configured'), note: NO_PLATFORM };
  },
};
