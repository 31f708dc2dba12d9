import type { Migration } from '../migrate.ts';

/**
 * What stands behind the scheduler, invoicing, clients and services interfaces (spec sections 8, 9.5 to 9.7). Ids are UUID
 * text, moments are epoch milliseconds, money is in minor currency units.
 *
 * `tenant_extension_schedule` is the platform's, with the endpoint's method and path in place of `endpoint_id`: locally a
 * rebuild of the same version makes its endpoint rows anew, and a schedule has to survive that. The `local_` tables are
 * not on the platform; `local_role_permission` stands for its roles, `local_demo_data` remembers which tenant has got its
 * demo rows, so that what a person deletes does not come back.
 */
export const platformData: Migration = {
  version: 2,
  name: 'platform-data',
  sql: `
    CREATE TABLE tenant_extension_schedule (
      id TEXT PRIMARY KEY,
      install_id TEXT NOT NULL REFERENCES tenant_extension_install (id) ON DELETE CASCADE,
      tenant_id TEXT NOT NULL,
      endpoint_method TEXT NOT NULL,
      endpoint_path TEXT NOT NULL,
      name TEXT,
      cron TEXT NOT NULL,
      timezone TEXT NOT NULL DEFAULT 'UTC',
      enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
      payload_json TEXT CHECK (json_valid(payload_json)),
      last_run_at INTEGER,
      last_run_status TEXT,
      last_error TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX tenant_extension_schedule_name
      ON tenant_extension_schedule (install_id, name) WHERE name IS NOT NULL;
    CREATE INDEX tenant_extension_schedule_install ON tenant_extension_schedule (install_id, created_at);

    CREATE TABLE local_role_permission (
      user_type TEXT NOT NULL CHECK (user_type IN ('internal', 'client')),
      permission TEXT NOT NULL,
      PRIMARY KEY (user_type, permission)
    ) STRICT;
    INSERT INTO local_role_permission VALUES ('internal', 'client:read'), ('internal', 'service:read');

    CREATE TABLE local_demo_data (
      tenant_id TEXT PRIMARY KEY,
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE local_client (
      tenant_id TEXT NOT NULL,
      client_id TEXT NOT NULL,
      client_name TEXT NOT NULL,
      client_type TEXT,
      is_inactive INTEGER NOT NULL CHECK (is_inactive IN (0, 1)),
      default_currency_code TEXT,
      account_manager_id TEXT,
      account_manager_name TEXT,
      billing_email TEXT,
      PRIMARY KEY (tenant_id, client_id)
    ) STRICT;

    CREATE TABLE local_service (
      tenant_id TEXT NOT NULL,
      service_id TEXT NOT NULL,
      service_name TEXT NOT NULL,
      item_kind TEXT NOT NULL CHECK (item_kind IN ('service', 'product')),
      billing_method TEXT NOT NULL CHECK (billing_method IN ('fixed', 'hourly', 'usage')),
      service_type_id TEXT,
      service_type_name TEXT,
      default_rate REAL NOT NULL,
      unit_of_measure TEXT NOT NULL,
      is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
      sku TEXT,
      PRIMARY KEY (tenant_id, service_id)
    ) STRICT;

    CREATE TABLE local_invoice (
      id TEXT PRIMARY KEY,
      tenant_id TEXT NOT NULL,
      install_id TEXT NOT NULL,
      client_id TEXT NOT NULL,
      number INTEGER NOT NULL,
      status TEXT NOT NULL,
      invoice_date TEXT NOT NULL,
      due_date TEXT NOT NULL,
      po_number TEXT,
      subtotal INTEGER NOT NULL,
      tax INTEGER NOT NULL,
      total INTEGER NOT NULL,
      items TEXT NOT NULL CHECK (json_valid(items)),
      created_by TEXT,
      created_at INTEGER NOT NULL,
      UNIQUE (tenant_id, number)
    ) STRICT;
  `,
};
