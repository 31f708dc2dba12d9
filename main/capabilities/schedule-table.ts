import type { Store } from '../store/index.ts';

/** An endpoint of a version. */
export interface EndpointRow {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly handler: string;
}

/** What a person or guest sets of a schedule. */
export interface ScheduleContent {
  readonly method: string;
  readonly path: string;
  readonly name: string | null;
  readonly cron: string;
  readonly timezone: string;
  readonly enabled: 0 | 1;
  /** JSON text. */
  readonly payload: string | null;
}

/** A row with what its runs left; moments in epoch milliseconds. */
export interface ScheduleRow extends ScheduleContent {
  readonly id: string;
  readonly lastRunAt: number | null;
  readonly lastRunStatus: string | null;
  readonly lastError: string | null;
  readonly createdAt: number;
}

/** Whose schedules are meant. */
export interface ScheduleScope {
  readonly tenantId: string;
  readonly installId: string;
}

/** The statements on `tenant_extension_schedule` and `extension_api_endpoint`; transactions are the caller's. */
export interface ScheduleTable {
  /** In the order they were declared. */
  endpoints(versionId: string): EndpointRow[];
  /** Oldest first. */
  list(scope: ScheduleScope): ScheduleRow[];
  find(scope: ScheduleScope, id: string): ScheduleRow | undefined;
  idOfName(scope: ScheduleScope, name: string): string | undefined;
  count(scope: ScheduleScope): number;
  insert(scope: ScheduleScope, row: ScheduleContent & { id: string; at: number }): void;
  update(row: ScheduleContent & { id: string; at: number }): void;
  remove(scope: ScheduleScope, id: string): void;
}

const OF_SCOPE = 'tenant_id = ? AND install_id = ?';
const SELECT = `
  SELECT id, endpoint_method AS method, endpoint_path AS path, name, cron, timezone, enabled, payload_json AS payload,
    last_run_at AS lastRunAt, last_run_status AS lastRunStatus, last_error AS lastError, created_at AS createdAt
  FROM tenant_extension_schedule WHERE ${OF_SCOPE}`;

type Ids = [string, string];
const ids = ({ tenantId, installId }: ScheduleScope): Ids => [tenantId, installId];

/** Prepares the statements once. */
export function scheduleTable(db: Store['db']): ScheduleTable {
  const endpoints = db.prepare<[string], EndpointRow>(
    'SELECT id, method, path, handler FROM extension_api_endpoint WHERE version_id = ? ORDER BY rowid',
  );
  const list = db.prepare<Ids, ScheduleRow>(`${SELECT} ORDER BY created_at, rowid`);
  const find = db.prepare<[...Ids, string], ScheduleRow>(`${SELECT} AND id = ?`);
  const idOfName = db
    .prepare<[...Ids, string], string>(
      `SELECT id FROM tenant_extension_schedule WHERE ${OF_SCOPE} AND name = ?`,
    )
    .pluck();
  const count = db
    .prepare<Ids, number>(`SELECT count(*) FROM tenant_extension_schedule WHERE ${OF_SCOPE}`)
    .pluck();
  const insert = db.prepare<[ScheduleContent & ScheduleScope & { id: string; at: number }]>(
    `INSERT INTO tenant_extension_schedule (id, install_id, tenant_id, endpoint_method, endpoint_path, name, cron,
       timezone, enabled, payload_json, created_at, updated_at)
     VALUES (:id, :installId, :tenantId, :method, :path, :name, :cron, :timezone, :enabled, :payload, :at, :at)`,
  );
  const update = db.prepare<[ScheduleContent & { id: string; at: number }]>(
    `UPDATE tenant_extension_schedule SET endpoint_method = :method, endpoint_path = :path, name = :name, cron = :cron,
       timezone = :timezone, enabled = :enabled, payload_json = :payload, updated_at = :at WHERE id = :id`,
  );
  const remove = db.prepare<[...Ids, string]>(
    `DELETE FROM tenant_extension_schedule WHERE ${OF_SCOPE} AND id = ?`,
  );
  return {
    endpoints: versionId => endpoints.all(versionId),
    list: scope => list.all(...ids(scope)),
    find: (scope, id) => find.get(...ids(scope), id),
    idOfName: (scope, name) => idOfName.get(...ids(scope), name),
    count: scope => count.get(...ids(scope)) ?? 0,
    insert: (scope, row) => void insert.run({ ...scope, ...row }),
    update: row => void update.run(row),
    remove: (scope, id) => void remove.run(...ids(scope), id),
  };
}
