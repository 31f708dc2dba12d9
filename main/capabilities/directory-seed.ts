import type { Store } from '../store/index.ts';
import { DEMO_CLIENTS, DEMO_SERVICES, demoTypeId } from './demo-data.ts';

/** Writes a tenant's demo rows where it never had any; `now` gives epoch milliseconds. */
export function createDirectorySeed(store: Store, now: () => number): (tenantId: string) => void {
  const { db } = store;
  const seeded = new Set<string>();
  const mark = db.prepare<[string, number]>('INSERT OR IGNORE INTO local_demo_data VALUES (?, ?)');
  const seed = db.transaction((tenantId: string) => {
    if (mark.run(tenantId, now()).changes === 0) return;
    writeClients(db, tenantId);
    writeServices(db, tenantId);
  });
  return tenantId => {
    if (seeded.has(tenantId)) return;
    seed.immediate(tenantId);
    // Inside another's transaction the rows may yet be rolled back.
    if (!db.inTransaction) seeded.add(tenantId);
  };
}

function writeClients(db: Store['db'], tenantId: string): void {
  const insert = db.prepare('INSERT INTO local_client VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const manager = db
    .prepare<[string], { id: string; name: string }>(
      "SELECT id, name FROM local_user WHERE tenant_id = ? AND user_type = 'internal' ORDER BY position LIMIT 1",
    )
    .get(tenantId);
  for (const { id, name, type, inactive, currency, managed, billingEmail } of DEMO_CLIENTS) {
    const [managerId, managerName] = managed && manager ? [manager.id, manager.name] : [null, null];
    insert.run(tenantId, id, name, type, inactive ? 1 : 0, currency, managerId, managerName, billingEmail);
  }
  // The clients that the tenant's own client users belong to.
  db.prepare(
    `INSERT INTO local_client
       SELECT DISTINCT tenant_id, client_id, 'Customer Example', 'company', 0, 'USD', NULL, NULL, NULL
       FROM local_user WHERE tenant_id = ? AND client_id IS NOT NULL`,
  ).run(tenantId);
}

function writeServices(db: Store['db'], tenantId: string): void {
  const insert = db.prepare('INSERT INTO local_service VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const { id, name, kind, method, type, rate, unit, active, sku } of DEMO_SERVICES) {
    const typeId = type === null ? null : demoTypeId(type);
    insert.run(tenantId, id, name, kind, method, typeId, type, rate, unit, active ? 1 : 0, sku);
  }
}
