import { z } from 'zod';
import { fieldError, PlatformError } from './platform-error.ts';

/** Limits of the scheduler (spec section 9.5). */
export const SCHEDULE_LIMITS = { perInstall: 50, payloadLength: 100_000, changesPerMinute: 10 } as const;

/** Methods a schedule can call. */
const SCHEDULABLE_METHODS: readonly string[] = ['GET', 'POST'];

const Endpoint = z.string().min(1).max(256);
const Cron = z.string().min(1).max(128);
const Timezone = z.string().max(64);
const Name = z.string().max(128);

/** Request of the create operation: what the route checks before any rule is asked. */
export const CreateRequest = z.object({
  endpoint: Endpoint,
  cron: Cron,
  timezone: Timezone.optional(),
  enabled: z.boolean().optional(),
  name: Name.optional(),
  payload: z.unknown().optional(),
});
export type CreateRequest = z.infer<typeof CreateRequest>;

/** Request of the update operation: any of the same members. */
export const UpdateRequest = CreateRequest.partial();
export type UpdateRequest = z.infer<typeof UpdateRequest>;

const ScheduleId = z.guid();

/** `value` in the shape of a request; throws the route's 400 for anything else. */
export function requestOf<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PlatformError(400, `Validation error (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`);
}

/** Throws the route's 400 for an id that is no UUID. */
export function checkScheduleId(scheduleId: string): void {
  if (!ScheduleId.safeParse(scheduleId).success) {
    throw new PlatformError(400, 'Validation error (scheduleId: not a UUID)');
  }
}

const CRON_FIELD = /^[0-9*/,-]+$/;
const TOO_OFTEN = /^\*(?:\/[1-4])?$/;

/**
 * The expression with its fields set apart by one blank. Throws 400 on `cron`. As on the platform, ranges of fields are
 * not looked at, and "at least five minutes apart" only catches a plain star or a step below five every hour of every day.
 */
export function checkedCron(cron: string): string {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every(field => CRON_FIELD.test(field))) {
    throw fieldError('cron', 'A cron expression has five fields of digits and * / , -.');
  }
  const [minute = '', , dayOfMonth, , dayOfWeek] = fields;
  if (dayOfMonth !== '*' && dayOfWeek !== '*') {
    throw fieldError('cron', 'Day of month and day of week cannot both be set.');
  }
  if (TOO_OFTEN.test(minute) && fields.slice(1).every(field => field === '*')) {
    throw fieldError('cron', 'Runs are at least five minutes apart.');
  }
  return fields.join(' ');
}

/** The zone as given, UTC when none is; throws 400 on `timezone` for one that `Intl` does not know. */
export function checkedTimezone(timezone = 'UTC'): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return timezone;
  } catch (error) {
    if (error instanceof RangeError) throw fieldError('timezone', `There is no time zone ${timezone}.`);
    throw error;
  }
}

/** The payload as JSON text, null for none; throws 400 on `payload` for a scalar or more than 100,000 characters. */
export function checkedPayload(payload: unknown): string | null {
  if (payload === undefined || payload === null) return null;
  if (typeof payload !== 'object') throw fieldError('payload', 'A payload is an object or an array.');
  const text = JSON.stringify(payload);
  if (text.length > SCHEDULE_LIMITS.payloadLength) {
    throw fieldError(
      'payload',
      `A payload takes at most ${SCHEDULE_LIMITS.payloadLength} characters as JSON.`,
    );
  }
  return text;
}

/** The name trimmed, null for a blank one. */
export function checkedName(name: string | undefined): string | null {
  const trimmed = name?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** True for an endpoint that a schedule can call: GET or POST on a path without parameters. */
export function isSchedulable({ method, path }: { method: string; path: string }): boolean {
  return SCHEDULABLE_METHODS.includes(method) && !/[:{}]/.test(path);
}

/**
 * The endpoint that a selector (`/path` or `METHOD /path`) means among those of the installed version; without a method the
 * first GET or POST row. Throws 400 on `endpoint`.
 */
export function selectedEndpoint<E extends { readonly method: string; readonly path: string }>(
  endpoints: readonly E[],
  selector: string,
): E {
  const [, method, path] = /^(?:([A-Za-z]+)\s+)?(\/\S*)$/.exec(selector.trim()) ?? [];
  if (path === undefined)
    throw fieldError('endpoint', 'An endpoint is written as /path or as a method and /path.');
  const wanted = method === undefined ? SCHEDULABLE_METHODS : [method.toUpperCase()];
  const found = endpoints.find(endpoint => endpoint.path === path && wanted.includes(endpoint.method));
  if (!found) throw fieldError('endpoint', `The installed version does not declare ${selector.trim()}.`);
  if (!isSchedulable(found)) {
    throw fieldError('endpoint', 'Only GET and POST endpoints without path parameters can be scheduled.');
  }
  return found;
}
