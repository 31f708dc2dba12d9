/**
 * The platform calls `handler` with the request alone and offers its services as synchronous modules named
 * `alga:extension/…`. `@alga-psa/extension-runtime` describes a second argument, `host`, instead. This file is
 * the bridge between the two: write your handler as `(request, host)` and export `withHost(yourHandler)`.
 */
import type {
  CreateScheduleInput,
  ExecuteRequest,
  ExecuteResponse,
  Handler,
  HostBindings,
  ScheduleInfo,
  SchedulerHost,
  StorageHost,
  UpdateScheduleInput,
} from '@alga-psa/extension-runtime';
import * as context from 'alga:extension/context';
import * as http from 'alga:extension/http';
import * as logging from 'alga:extension/logging';
import * as scheduler from 'alga:extension/scheduler';
import * as secrets from 'alga:extension/secrets';
import * as storage from 'alga:extension/storage';
import type * as wire from 'alga:extension/types';
import * as uiProxy from 'alga:extension/ui-proxy';
import * as user from 'alga:extension/user';

/** A call that the platform refused. `code` is the case it gave, for example `denied` or `conflict`. */
export class HostError extends Error {
  readonly code: string;

  constructor(call: string, code: string, cause: unknown) {
    super(`${call}: ${code}`, { cause });
    this.name = 'HostError';
    this.code = code;
  }
}

/** The response as the platform takes it: `headers` must be there, `body` is bytes or absent. */
export interface WireResponse {
  status: number;
  headers: { name: string; value: string }[];
  body?: Uint8Array;
}

/** Turns a handler of the SDK's shape into the one the platform calls. */
export function withHost(handler: Handler): (request: ExecuteRequest) => Promise<WireResponse> {
  const host = createHostBindings();
  return async request => toWire(await handler(request, host));
}

/** The SDK's host bindings over the platform's modules. A refused call rejects with a {@link HostError}. */
export function createHostBindings(): HostBindings {
  return {
    context: { get: async () => call('context.get', () => context.getContext()) },
    secrets: {
      get: async key => call('secrets.get', () => secrets.get(key)),
      list: async () => call('secrets.list', () => secrets.listKeys()),
    },
    http: {
      fetch: async request =>
        call('http.fetch', () => http.fetch({ ...request, body: request.body ?? undefined })),
    },
    storage: storageHost(),
    logging: {
      info: async message => logging.logInfo(message),
      warn: async message => logging.logWarn(message),
      error: async message => logging.logError(message),
    },
    uiProxy: { callRoute: callPlatformRoute, call: callPlatformRoute },
    scheduler: schedulerHost(),
    user: { getUser: async () => call('user.getUser', () => user.getUser()) },
  };
}

async function callPlatformRoute(route: string, payload?: Uint8Array | null): Promise<Uint8Array> {
  return call('uiProxy.callRoute', () => uiProxy.callRoute(route, payload ?? undefined));
}

function storageHost(): StorageHost {
  return {
    async get(namespace, key) {
      try {
        return storage.get(namespace, key).value;
      } catch (error) {
        if (caseOf(error) === 'missing') return null;
        throw hostError('storage.get', error);
      }
    },
    async put({ namespace, key, value, revision }) {
      const expected = revision == null ? undefined : BigInt(revision);
      call('storage.put', () => storage.put({ namespace, key, value, revision: expected }));
    },
    async delete(namespace, key) {
      call('storage.delete', () => storage.delete(namespace, key));
    },
    /** The platform hands out the first 25 entries of a namespace, ordered by key. */
    async list(namespace) {
      const entries = call('storage.list', () => storage.listEntries(namespace, undefined));
      return entries.map(({ key, value, revision }) => ({
        key,
        value,
        revision: revision === undefined ? null : Number(revision),
      }));
    },
  };
}

function schedulerHost(): SchedulerHost {
  return {
    list: async () => call('scheduler.list', () => scheduler.listSchedules()).map(fromWireSchedule),
    async get(scheduleId) {
      const found = call('scheduler.get', () => scheduler.getSchedule(scheduleId));
      return found ? fromWireSchedule(found) : null;
    },
    create: async input =>
      fromWireResult(call('scheduler.create', () => scheduler.createSchedule(toWireCreate(input)))),
    update: async (scheduleId, input) =>
      fromWireResult(
        call('scheduler.update', () => scheduler.updateSchedule(scheduleId, toWireUpdate(input))),
      ),
    delete: async scheduleId =>
      withoutAbsent(call('scheduler.delete', () => scheduler.deleteSchedule(scheduleId))),
    getEndpoints: async () => call('scheduler.getEndpoints', () => scheduler.getEndpoints()),
  };
}

function toWireCreate(input: CreateScheduleInput): wire.CreateScheduleInput {
  return { ...input, payload: toJsonText(input.payload) };
}

/** Leaving `name` or `payload` out clears them on the platform too: it has no third state. */
function toWireUpdate(input: UpdateScheduleInput): wire.UpdateScheduleInput {
  return { ...input, name: input.name ?? undefined, payload: toJsonText(input.payload) };
}

function fromWireSchedule(schedule: wire.ScheduleInfo): ScheduleInfo {
  return {
    ...schedule,
    name: schedule.name ?? null,
    payload: schedule.payload === undefined ? null : JSON.parse(schedule.payload),
    lastRunAt: schedule.lastRunAt ?? null,
    lastRunStatus: schedule.lastRunStatus ?? null,
    lastError: schedule.lastError ?? null,
    createdAt: schedule.createdAt ?? null,
  };
}

/** Field errors come as JSON text; text of another kind still reaches the author, under an empty field name. */
function fromWireResult<R extends { fieldErrors?: string | undefined }>(result: R) {
  const { fieldErrors, ...rest } = withoutAbsent(result);
  return fieldErrors === undefined ? rest : { ...rest, fieldErrors: parseFieldErrors(fieldErrors) };
}

function parseFieldErrors(text: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) {
      return Object.fromEntries(Object.entries(parsed).map(([field, message]) => [field, String(message)]));
    }
  } catch {
    // Not JSON: handed on as it is below.
  }
  return { '': text };
}

function toWire({ status, headers, body }: ExecuteResponse): WireResponse {
  return { status, headers: headers ?? [], ...(body ? { body } : {}) };
}

function toJsonText(payload: unknown): string | undefined {
  return payload == null ? undefined : JSON.stringify(payload);
}

function withoutAbsent<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

function call<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw hostError(name, error);
  }
}

function hostError(name: string, error: unknown): unknown {
  const code = caseOf(error);
  return code === undefined ? error : new HostError(name, code, error);
}

/**
 * The case of a call that the platform refused, for example `missing`; nothing for any other error. The class of the
 * error differs between build tools (and is no `Object` of this module in some), its `payload` does not.
 */
export function caseOf(error: unknown): string | undefined {
  if (error === null || typeof error !== 'object' || !('payload' in error)) return undefined;
  return typeof error.payload === 'string' ? error.payload : undefined;
}
