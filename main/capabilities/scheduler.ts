import { z } from 'zod';
import type { HostReply } from '../../contract/index.ts';
import {
  argumentsOf,
  err,
  guarded,
  installOf,
  isGranted,
  plain,
  type HostFunction,
  type HostInterface,
} from './host-interface.ts';
import { NO_PLATFORM } from './platform-absent.ts';

const CAPABILITY = 'cap:scheduler.manage';
const NO_INSTALL = 'The run has no install, and schedules belong to one.';

const Input = z.object({ input: z.object({ payload: z.string().optional() }) });

const read: HostFunction = guarded(CAPABILITY, 'denied', context =>
  installOf(context) === undefined ? err('denied', NO_INSTALL) : err('internal', NO_PLATFORM),
);

/** A change answers with a record; the platform's runner puts the debug name of the error case into `error` (spec 9.5). */
function change(check: HostFunction): HostFunction {
  return (context, call) => {
    if (!isGranted(context, CAPABILITY)) return failure(`Permission denied: ${CAPABILITY} not granted`);
    if (installOf(context) === undefined) return failure('Install ID missing');
    return check(context, call);
  };
}

const notConfigured: HostFunction = () => ({ ...failure('Internal'), note: NO_PLATFORM });

/** A payload that is not JSON is answered by the runner itself, before any request (spec 3.5). */
const withPayload: HostFunction = (context, call) => {
  const { payload } = argumentsOf(Input, call).input;
  if (payload === undefined || isJson(payload)) return notConfigured(context, call);
  return failure('Invalid payload', JSON.stringify({ payload: 'Must be valid JSON' }));
};

function failure(error: string, fieldErrors?: string): HostReply {
  return plain({ success: false, error, ...(fieldErrors !== undefined && { fieldErrors }) });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `alga:extension/scheduler` (spec 3.4, 3.5, 9.5) with no platform behind it. */
export const schedulerInterface: HostInterface = {
  'list-schedules': read,
  'get-schedule': read,
  'get-endpoints': read,
  'create-schedule': change(withPayload),
  'update-schedule': change(withPayload),
  'delete-schedule': change(notConfigured),
};
