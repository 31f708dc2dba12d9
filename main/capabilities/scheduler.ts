import { z } from 'zod';
import type { HostCall, HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { HostContext } from './host-context.ts';
import {
  argumentsOf,
  err,
  guarded,
  installOf,
  isGranted,
  ok,
  plain,
  type HostFunction,
  type HostInterface,
} from './host-interface.ts';
import { nextRuns } from './next-runs.ts';
import { asPlatformError, noteOf, type PlatformError } from './platform-error.ts';
import { isSchedulable } from './schedule-rules.ts';
import { createScheduleService, type ScheduleService, type Updated } from './schedule-service.ts';
import type { EndpointRow, ScheduleContent, ScheduleRow, ScheduleScope } from './schedule-table.ts';

const CAPABILITY = 'cap:scheduler.manage';
const NO_INSTALL = 'The run has no install, and schedules belong to one.';
const PREVIEWED_RUNS = 3;

/** The case a guest gets for each status of the platform's answer, and the runner's own name of it; others are the last. */
const CASES: Readonly<Record<number, { readonly witCase: string; readonly debugName: string }>> = {
  400: { witCase: 'validation-failed', debugName: 'ValidationFailed' },
  401: { witCase: 'denied', debugName: 'Denied' },
  403: { witCase: 'denied', debugName: 'Denied' },
  404: { witCase: 'not-found', debugName: 'NotFound' },
  429: { witCase: 'quota-exceeded', debugName: 'QuotaExceeded' },
};
const OTHER = { witCase: 'internal', debugName: 'Internal' };

const ScheduleInput = z.object({
  endpoint: z.string().optional(),
  cron: z.string().optional(),
  timezone: z.string().optional(),
  enabled: z.boolean().optional(),
  name: z.string().optional(),
  payload: z.string().optional(),
});
const ById = z.object({ scheduleId: z.string() });
const CreateArguments = z.object({ input: ScheduleInput.required({ endpoint: true, cron: true }) });
const UpdateArguments = ById.extend({ input: ScheduleInput });

/**
 * `alga:extension/scheduler` (spec 3.4, 3.5, 9.5) over the local database: refused without the grant or an install, else the
 * platform's scheduler API as a guest sees it. What that API says about a refused change stays in the note: the record
 * carries the runner's name of the case, and no field errors.
 *
 * Faithful, an update clears the name and payload it leaves out; strict keeps them. Nothing here starts a run.
 */
export function createScheduler(o: { store: Store; now?: () => number }): HostInterface {
  const now = o.now ?? Date.now;
  const service = createScheduleService({ store: o.store, now });
  return {
    'list-schedules': read(scope => ok(service.list(scope).map(toInfo))),
    'get-schedule': read((scope, call) => getSchedule(service, scope, argumentsOf(ById, call).scheduleId)),
    'get-endpoints': read(scope => ok(service.endpoints(scope).map(toEndpointInfo))),
    'create-schedule': change((scope, call, context) => {
      const { input } = argumentsOf(CreateArguments, call);
      return withPayload(input, request => {
        const created = service.create(scope, request);
        return noted({ success: true, scheduleId: created.id }, previewOf(context, created, now()));
      });
    }),
    'update-schedule': change((scope, call, context) => {
      const { scheduleId, input } = argumentsOf(UpdateArguments, call);
      return withPayload(input, request => {
        const strict = context.posture === 'strict';
        const updated = service.update(scope, scheduleId, request, strict);
        const notes = [leftOutNote(updated, strict), previewOf(context, updated.row, now())];
        return noted({ success: true }, ...notes);
      });
    }),
    'delete-schedule': change((scope, call) => {
      service.delete(scope, argumentsOf(ById, call).scheduleId);
      return plain({ success: true });
    }),
  };
}

type Operation = (scope: ScheduleScope, call: HostCall, context: HostContext) => HostReply;

function read(operation: Operation): HostFunction {
  return guarded(CAPABILITY, 'denied', (context, call) => {
    const installId = installOf(context);
    if (installId === undefined) return err('denied', NO_INSTALL);
    const refused = (error: PlatformError): HostReply =>
      err((CASES[error.status] ?? OTHER).witCase, noteOf(error));
    return attempt(() => operation({ tenantId: context.tenantId, installId }, call, context), refused);
  });
}

/** A change answers with a record; the platform's runner puts the debug name of the error case into `error` (spec 9.5). */
function change(operation: Operation): HostFunction {
  return (context, call) => {
    if (!isGranted(context, CAPABILITY)) return failure(`Permission denied: ${CAPABILITY} not granted`);
    const installId = installOf(context);
    if (installId === undefined) return failure('Install ID missing');
    const refused = (error: PlatformError): HostReply => ({
      ...failure((CASES[error.status] ?? OTHER).debugName),
      note: noteOf(error),
    });
    return attempt(() => operation({ tenantId: context.tenantId, installId }, call, context), refused);
  };
}

function attempt(body: () => HostReply, refused: (error: PlatformError) => HostReply): HostReply {
  try {
    return body();
  } catch (error) {
    return refused(asPlatformError(error));
  }
}

/** The route answers a failure of its own with no schedule (spec 9.5); only a malformed id is refused. */
function getSchedule(service: ScheduleService, scope: ScheduleScope, scheduleId: string): HostReply {
  try {
    const row = service.get(scope, scheduleId);
    return ok(row ? toInfo(row) : null);
  } catch (error) {
    const refusal = asPlatformError(error);
    if (refusal.status < 500) throw refusal;
    return { ...ok(null), note: noteOf(refusal) };
  }
}

/** A payload that is not JSON is answered by the runner itself, before any request (spec 3.5). */
function withPayload(
  { payload, ...rest }: z.infer<typeof ScheduleInput>,
  send: (request: unknown) => HostReply,
): HostReply {
  if (payload === undefined) return send(rest);
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return failure('Invalid payload', JSON.stringify({ payload: 'Must be valid JSON' }));
  }
  return send({ ...rest, payload: parsed });
}

function failure(error: string, fieldErrors?: string): HostReply {
  return plain({ success: false, error, ...(fieldErrors !== undefined && { fieldErrors }) });
}

function noted(value: unknown, ...notes: (string | undefined)[]): HostReply {
  const note = notes.filter(each => each !== undefined).join(' ');
  return { value, ...(note !== '' && { note }) };
}

function leftOutNote({ leftOut }: Updated, strict: boolean): string | undefined {
  if (leftOut.length === 0) return undefined;
  const members = leftOut.join(' and ');
  return strict
    ? `Strict: the update left out ${members}, which was kept; the platform clears it.`
    : `The update left out ${members}, which the platform takes as clearing it; send it with every update.`;
}

function previewOf(context: HostContext, schedule: ScheduleContent, after: number): string | undefined {
  if (context.posture !== 'strict') return undefined;
  if (schedule.enabled === 0) return 'The schedule is disabled and does not run.';
  const runs = nextRuns(schedule.cron, schedule.timezone, after, PREVIEWED_RUNS);
  if (runs.length === 0)
    return 'This schedule never runs: a field is out of its range, or no such day exists.';
  return `Next runs: ${runs.map(run => new Date(run).toISOString()).join(', ')}.`;
}

function toInfo(row: ScheduleRow): unknown {
  return {
    id: row.id,
    endpointPath: row.path,
    endpointMethod: row.method,
    cron: row.cron,
    timezone: row.timezone,
    enabled: row.enabled === 1,
    createdAt: new Date(row.createdAt).toISOString(),
    ...(row.name !== null && { name: row.name }),
    ...(row.payload !== null && { payload: row.payload }),
    ...(row.lastRunAt !== null && { lastRunAt: new Date(row.lastRunAt).toISOString() }),
    ...(row.lastRunStatus !== null && { lastRunStatus: row.lastRunStatus }),
    ...(row.lastError !== null && { lastError: row.lastError }),
  };
}

function toEndpointInfo(row: EndpointRow): unknown {
  const { id, method, path, handler } = row;
  return { id, method, path, handler, schedulable: isSchedulable(row) };
}
