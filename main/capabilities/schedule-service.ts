import { randomUUID } from 'node:crypto';
import type { Store } from '../store/index.ts';
import { fieldError, PlatformError } from './platform-error.ts';
import { createRateLimit } from './rate-limit.ts';
import {
  checkedCron,
  checkedName,
  checkedPayload,
  checkedTimezone,
  checkScheduleId,
  CreateRequest,
  requestOf,
  SCHEDULE_LIMITS,
  selectedEndpoint,
  UpdateRequest,
} from './schedule-rules.ts';
import {
  scheduleTable,
  type EndpointRow,
  type ScheduleContent,
  type ScheduleRow,
  type ScheduleScope,
} from './schedule-table.ts';
import { createTenantGate } from './tenant-gate.ts';

/** What an update touched beyond what it named. */
export interface Updated {
  readonly row: ScheduleContent;
  /** Members the request left out that had a value: cleared by the platform, kept where that is mended. */
  readonly leftOut: readonly ('name' | 'payload')[];
}

/** The platform's scheduler API (spec 9.5) over SQLite. Each operation is one transaction; refusals are {@link PlatformError}s. */
export interface ScheduleService {
  list(scope: ScheduleScope): readonly ScheduleRow[];
  get(scope: ScheduleScope, scheduleId: string): ScheduleRow | undefined;
  endpoints(scope: ScheduleScope): readonly EndpointRow[];
  create(scope: ScheduleScope, request: unknown): ScheduleContent & { readonly id: string };
  /** `keepLeftOut` mends the platform's defect: without it, a name or payload that the request does not have is cleared. */
  update(scope: ScheduleScope, scheduleId: string, request: unknown, keepLeftOut: boolean): Updated;
  delete(scope: ScheduleScope, scheduleId: string): void;
}

/** The service over `store`; `now` gives epoch milliseconds. */
export function createScheduleService(o: { store: Store; now: () => number }): ScheduleService {
  const { store, now } = o;
  const table = scheduleTable(store.db);
  const gate = createTenantGate(store.db);
  const changes = createRateLimit({ calls: SCHEDULE_LIMITS.changesPerMinute, windowMs: 60_000, now });

  function read<T>(scope: ScheduleScope, body: (versionId: string) => T): T {
    return store.db.transaction(() => body(gate.installedVersion(scope.tenantId, scope.installId)))();
  }

  /** Counts against the rate, refused or not; takes the write lock before it reads, so that rules hold across processes. */
  function change<T>(scope: ScheduleScope, body: (versionId: string) => T): T {
    const run = store.db.transaction(() => {
      const versionId = gate.installedVersion(scope.tenantId, scope.installId);
      if (changes.take(scope.installId)) return body(versionId);
      const { changesPerMinute } = SCHEDULE_LIMITS;
      throw new PlatformError(429, `An install makes at most ${changesPerMinute} changes a minute.`);
    });
    return run.immediate();
  }

  function existing(scope: ScheduleScope, id: string): ScheduleRow {
    const row = table.find(scope, id);
    if (!row) throw fieldError('scheduleId', 'The install has no such schedule.');
    return row;
  }

  function checkNameIsFree(scope: ScheduleScope, name: string | null, ownId?: string): void {
    if (name === null) return;
    const owner = table.idOfName(scope, name);
    if (owner !== undefined && owner !== ownId) {
      throw fieldError('name', `The install has a schedule named ${name} already.`);
    }
  }

  return {
    list: scope => read(scope, () => table.list(scope)),
    endpoints: scope => read(scope, versionId => table.endpoints(versionId)),

    get(scope, scheduleId) {
      checkScheduleId(scheduleId);
      return read(scope, () => table.find(scope, scheduleId.toLowerCase()));
    },

    create(scope, value) {
      const request = requestOf(CreateRequest, value);
      return change(scope, versionId => {
        const { method, path } = selectedEndpoint(table.endpoints(versionId), request.endpoint);
        const content: ScheduleContent = {
          method,
          path,
          cron: checkedCron(request.cron),
          timezone: checkedTimezone(request.timezone),
          enabled: request.enabled === false ? 0 : 1,
          payload: checkedPayload(request.payload),
          name: checkedName(request.name),
        };
        checkNameIsFree(scope, content.name);
        if (table.count(scope) >= SCHEDULE_LIMITS.perInstall) {
          throw new PlatformError(400, `The install has ${SCHEDULE_LIMITS.perInstall} schedules already.`);
        }
        const id = randomUUID();
        table.insert(scope, { ...content, id, at: now() });
        return { ...content, id };
      });
    },

    update(scope, scheduleId, value, keepLeftOut) {
      checkScheduleId(scheduleId);
      const request = requestOf(UpdateRequest, value);
      return change(scope, versionId => {
        const before = existing(scope, scheduleId.toLowerCase());
        const endpoint =
          request.endpoint === undefined
            ? before
            : selectedEndpoint(table.endpoints(versionId), request.endpoint);
        const row: ScheduleContent = {
          method: endpoint.method,
          path: endpoint.path,
          ...timing(before, request),
          enabled: enabledAfter(before, request),
          payload:
            request.payload === undefined && keepLeftOut ? before.payload : checkedPayload(request.payload),
          name: request.name === undefined && keepLeftOut ? before.name : checkedName(request.name),
        };
        checkNameIsFree(scope, row.name, before.id);
        table.update({ ...row, id: before.id, at: now() });
        return { row, leftOut: leftOutOf(before, request) };
      });
    },

    delete(scope, scheduleId) {
      checkScheduleId(scheduleId);
      change(scope, () => {
        const { id } = existing(scope, scheduleId.toLowerCase());
        table.remove(scope, id);
      });
    },
  };
}

function timing(before: ScheduleRow, request: UpdateRequest): Pick<ScheduleContent, 'cron' | 'timezone'> {
  return {
    cron: request.cron === undefined ? before.cron : checkedCron(request.cron),
    timezone: request.timezone === undefined ? before.timezone : checkedTimezone(request.timezone),
  };
}

function enabledAfter(before: ScheduleRow, { enabled }: UpdateRequest): 0 | 1 {
  if (enabled === undefined) return before.enabled;
  return enabled ? 1 : 0;
}

function leftOutOf(before: ScheduleRow, request: UpdateRequest): ('name' | 'payload')[] {
  return (['name', 'payload'] as const).filter(
    member => request[member] === undefined && before[member] !== null,
  );
}
