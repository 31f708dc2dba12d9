import { randomUUID } from 'node:crypto';
import { User, WorkbenchError, type Tenant } from '../../contract/index.ts';
import { durably, type Store } from '../store/index.ts';
import type { Settings } from './settings.ts';

const CURRENT_USER = 'session.user-id';

/** The tenant of this data folder and who is signed in to it. */
export interface LocalTenant {
  readonly tenant: Tenant;
  users(): User[];
  currentUser(): User | undefined;
  /** Throws `registry.unknown-user`. */
  setCurrentUser(userId: string | undefined): void;
}

interface UserRow {
  id: string;
  email: string;
  name: string;
  user_type: string;
  client_id: string | null;
  additional_fields: string;
  permissions: string;
}

/** Opens the local tenant; the first time it makes it, with its three users and the agent signed in. */
export function openLocalTenant(store: Store, settings: Settings): LocalTenant {
  const { db } = store;
  const tenant = findTenant(db) ?? seed(store);
  const select = db.prepare<[string], UserRow>(
    'SELECT * FROM local_user WHERE tenant_id = ? ORDER BY position',
  );
  // Nobody changes them.
  const users = select.all(tenant.tenantId).map(toUser);
  return {
    tenant,
    users: () => [...users],
    currentUser() {
      const id = settings.get(CURRENT_USER);
      return id === undefined ? undefined : users.find(({ userId }) => userId === id);
    },
    setCurrentUser(userId) {
      if (userId !== undefined && !users.some(user => user.userId === userId)) {
        throw new WorkbenchError('registry.unknown-user', { details: { userId } });
      }
      settings.set(CURRENT_USER, userId);
    },
  };
}

function findTenant(db: Store['db']): Tenant | undefined {
  return db
    .prepare<[], Tenant>('SELECT id AS tenantId, client_name AS clientName FROM local_tenant LIMIT 1')
    .get();
}

function seed(store: Store): Tenant {
  const { db } = store;
  return durably(store, () => {
    // Another process may have been first while this one waited for the lock.
    const existing = findTenant(db);
    if (existing) return existing;
    const tenant: Tenant = { tenantId: randomUUID(), clientName: 'Acme (local)' };
    db.prepare('INSERT INTO local_tenant VALUES (?, ?)').run(tenant.tenantId, tenant.clientName);
    const people = demoUsers();
    for (const [position, user] of people.entries()) insertUser(db, tenant, position, user);
    db.prepare('INSERT INTO local_setting VALUES (?, ?)').run(CURRENT_USER, people[0].userId);
    return tenant;
  });
}

/** One user for each outcome of the gateway's access rule (spec 6.3, row 6); the first is signed in at the start. */
function demoUsers(): [User, User, User] {
  const locale = { locale: 'en', timezone: 'UTC' };
  return [
    {
      userId: randomUUID(),
      email: 'demo.agent@acme.example',
      name: 'Demo Agent',
      userType: 'internal',
      additionalFields: { username: 'demo.agent', ...locale },
      permissions: ['extension:read', 'extension:write'],
    },
    {
      userId: randomUUID(),
      email: 'demo.reader@acme.example',
      name: 'Demo Reader',
      userType: 'internal',
      additionalFields: { username: 'demo.reader', ...locale },
      permissions: ['extension:read'],
    },
    {
      userId: randomUUID(),
      email: 'demo.client@customer.example',
      name: 'Demo Client',
      userType: 'client',
      clientId: randomUUID(),
      additionalFields: { contact_id: randomUUID(), username: 'demo.client', ...locale },
      permissions: [],
    },
  ];
}

function insertUser(db: Store['db'], { tenantId }: Tenant, position: number, user: User): void {
  db.prepare('INSERT INTO local_user VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    user.userId,
    tenantId,
    position,
    user.email,
    user.name,
    user.userType,
    user.clientId ?? null,
    JSON.stringify(user.additionalFields),
    JSON.stringify(user.permissions),
  );
}

const StoredUser = User.pick({ userType: true, additionalFields: true, permissions: true });

function toUser(row: UserRow): User {
  return {
    userId: row.id,
    email: row.email,
    name: row.name,
    ...(row.client_id !== null && { clientId: row.client_id }),
    ...StoredUser.parse({
      userType: row.user_type,
      additionalFields: parseJson(row.additional_fields),
      permissions: parseJson(row.permissions),
    }),
  };
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}
