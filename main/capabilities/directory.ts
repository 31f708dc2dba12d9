import type { Store } from '../store/index.ts';
import { createDirectorySeed } from './directory-seed.ts';

/** A row of `local_client` under the names of the WIT record `client-summary`; null is none. */
export interface ClientRow {
  readonly clientId: string;
  readonly clientName: string;
  readonly clientType: string | null;
  readonly isInactive: 0 | 1;
  readonly defaultCurrencyCode: string | null;
  readonly accountManagerId: string | null;
  readonly accountManagerName: string | null;
  readonly billingEmail: string | null;
}

/** A row of `local_service` under the names of the WIT record `service-summary`; null is none. */
export interface ServiceRow {
  readonly serviceId: string;
  readonly serviceName: string;
  readonly itemKind: string;
  readonly billingMethod: string;
  readonly serviceTypeId: string | null;
  readonly serviceTypeName: string | null;
  readonly defaultRate: number;
  readonly unitOfMeasure: string;
  readonly isActive: 0 | 1;
  readonly sku: string | null;
}

/** Which page; both start at 1. */
export interface Page {
  readonly page: number;
  readonly pageSize: number;
}

export interface ServiceFilter {
  readonly search?: string | undefined;
  readonly itemKind?: string | undefined;
  readonly isActive?: boolean | undefined;
  readonly billingMethod?: string | undefined;
}

/** One page, and how many rows there are in all. */
export interface Listed<Row> {
  readonly rows: readonly Row[];
  readonly totalCount: number;
}

/** Clients and services of the local tenants, by name; demo rows are written when a tenant is first asked for. */
export interface Directory {
  clients(tenantId: string, includeInactive: boolean, page: Page): Listed<ClientRow>;
  client(tenantId: string, clientId: string): ClientRow | undefined;
  services(tenantId: string, filter: ServiceFilter, page: Page): Listed<ServiceRow>;
  service(tenantId: string, serviceId: string): ServiceRow | undefined;
}

const CLIENT = `client_id AS clientId, client_name AS clientName, client_type AS clientType, is_inactive AS isInactive,
  default_currency_code AS defaultCurrencyCode, account_manager_id AS accountManagerId,
  account_manager_name AS accountManagerName, billing_email AS billingEmail`;
const SERVICE = `service_id AS serviceId, service_name AS serviceName, item_kind AS itemKind,
  billing_method AS billingMethod, service_type_id AS serviceTypeId, service_type_name AS serviceTypeName,
  default_rate AS defaultRate, unit_of_measure AS unitOfMeasure, is_active AS isActive, sku`;

/** The directory over `store`; `now` gives epoch milliseconds. */
export function createDirectory(o: { store: Store; now: () => number }): Directory {
  const { db } = o.store;
  const seed = createDirectorySeed(o.store, o.now);
  const client = db.prepare<[string, string], ClientRow>(
    `SELECT ${CLIENT} FROM local_client WHERE tenant_id = ? AND client_id = ?`,
  );
  const service = db.prepare<[string, string], ServiceRow>(
    `SELECT ${SERVICE} FROM local_service WHERE tenant_id = ? AND service_id = ?`,
  );
  const listClients = pager<ClientRow>(db, {
    columns: CLIENT,
    from: 'local_client WHERE tenant_id = :tenantId AND (:includeInactive = 1 OR is_inactive = 0)',
    order: 'client_name COLLATE NOCASE, client_id',
  });
  const listServices = pager<ServiceRow>(db, {
    columns: SERVICE,
    from: `local_service WHERE tenant_id = :tenantId
      AND (instr(lower(service_name), lower(:search)) > 0 OR instr(lower(coalesce(sku, '')), lower(:search)) > 0)
      AND item_kind = coalesce(:itemKind, item_kind) AND is_active = coalesce(:isActive, is_active)
      AND billing_method = coalesce(:billingMethod, billing_method)`,
    order: 'service_name COLLATE NOCASE, service_id',
  });
  return {
    clients(tenantId, includeInactive, page) {
      seed(tenantId);
      return listClients({ tenantId, includeInactive: includeInactive ? 1 : 0 }, page);
    },
    client(tenantId, clientId) {
      seed(tenantId);
      return client.get(tenantId, clientId.toLowerCase());
    },
    services(tenantId, { search = '', itemKind = null, isActive, billingMethod = null }, page) {
      seed(tenantId);
      return listServices({ tenantId, search, itemKind, isActive: bit(isActive), billingMethod }, page);
    },
    service(tenantId, serviceId) {
      seed(tenantId);
      return service.get(tenantId, serviceId.toLowerCase());
    },
  };
}

function pager<Row>(
  db: Store['db'],
  sql: { columns: string; from: string; order: string },
): (query: object, page: Page) => Listed<Row> {
  const rows = db.prepare<[object], Row>(
    `SELECT ${sql.columns} FROM ${sql.from} ORDER BY ${sql.order} LIMIT :limit OFFSET :offset`,
  );
  const count = db.prepare<[object], number>(`SELECT count(*) FROM ${sql.from}`).pluck();
  return (query, { page, pageSize }) => ({
    rows: rows.all({ ...query, limit: pageSize, offset: (page - 1) * pageSize }),
    totalCount: count.get(query) ?? 0,
  });
}

function bit(value: boolean | undefined): 0 | 1 | null {
  if (value === undefined) return null;
  return value ? 1 : 0;
}
