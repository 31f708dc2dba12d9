import { randomUUID } from 'node:crypto';
import type { Capability, HostCall, HostReply, User } from '../../contract/index.ts';
import { openStore, type Store } from '../store/index.ts';
import { createCapabilities } from './capabilities.ts';
import { ALLOW_ALL } from './egress.ts';
import type { CapabilityLog, HostContext } from './host-context.ts';

/** A store in memory, for tests. */
export function memoryStore(): Store {
  return openStore(':memory:');
}

export const TENANT = { tenantId: 'tenant-1', clientName: 'Acme (local)' };

export const CLIENT_USER: User = {
  userId: 'user-1',
  email: 'client@acme.example',
  name: 'Demo Client',
  userType: 'client',
  clientId: 'client-1',
  additionalFields: { timezone: 'Europe/Berlin', contact_id: 'contact-1', locale: 'de' },
  permissions: [],
};

/** A run's context with everything a test does not care about. */
export function contextWith(
  capabilities: readonly Capability[],
  more: Partial<HostContext> = {},
): HostContext & { logs: CapabilityLog[] } {
  const logs: CapabilityLog[] = [];
  return {
    requestId: 'request-1',
    tenantId: TENANT.tenantId,
    extensionId: 'registry-1',
    installId: 'install-1',
    versionId: 'version-1',
    capabilities,
    secrets: () => ({ api_key: 's3cret-value' }),
    user: CLIENT_USER,
    tenant: TENANT,
    egress: ALLOW_ALL,
    onLog: line => logs.push(line),
    ...more,
    logs,
  };
}

/** A host call written `interface.function`. */
export function callOf(name: string, args: Record<string, unknown> = {}, bytes?: Uint8Array): HostCall {
  const [interfaceName = '', functionName = ''] = name.split('.');
  return { interface: interfaceName, function: functionName, args, ...(bytes && { bytes }) };
}

/** The context with some optional members left out. */
export function without(context: HostContext, ...names: ('installId' | 'versionId' | 'user')[]): HostContext {
  const rest = { ...context };
  for (const name of names) Reflect.deleteProperty(rest, name);
  return rest;
}

export const AGENT: User = {
  userId: 'user-0',
  email: 'agent@acme.example',
  name: 'Demo Agent',
  userType: 'internal',
  additionalFields: {},
  permissions: ['extension:read', 'extension:write'],
};

/** Writes the tenant, its two users and an install of a version that declares `endpoints` (`METHOD /path`). */
export function writeInstall(
  { db }: Store,
  endpoints: readonly string[] = [],
  { tenantId, installId } = { tenantId: TENANT.tenantId, installId: 'install-1' },
): void {
  const [registryId, versionId, bundleId] = [`${installId} r`, `${installId} v`, `${installId} b`];
  db.prepare('INSERT OR IGNORE INTO local_tenant VALUES (?, ?)').run(tenantId, TENANT.clientName);
  const user = db.prepare("INSERT OR IGNORE INTO local_user VALUES (?, ?, ?, ?, ?, ?, ?, '{}', '[]')");
  for (const [position, { userId, email, name, userType, clientId }] of [AGENT, CLIENT_USER].entries()) {
    user.run(`${tenantId} ${userId}`, tenantId, position, email, name, userType, clientId ?? null);
  }
  db.prepare("INSERT INTO extension_registry VALUES (?, 'acme', ?, ?, 0, 0)").run(
    registryId,
    registryId,
    registryId,
  );
  db.prepare(
    "INSERT INTO extension_version VALUES (?, ?, '1.0.0', 'wasm-js@1', 'main', '[]', NULL, '[]', 0)",
  ).run(versionId, registryId);
  db.prepare("INSERT INTO extension_bundle VALUES (?, ?, 'sha256:0', 'x', 0, 0, '{}', NULL, NULL)").run(
    bundleId,
    versionId,
  );
  db.prepare("INSERT INTO tenant_extension_install VALUES (?, ?, ?, ?, ?, 'enabled', '[]', 1, 0, 0)").run(
    installId,
    tenantId,
    registryId,
    versionId,
    bundleId,
  );
  writeEndpoints({ db }, endpoints, versionId);
}

/** Writes a version's endpoints anew, as a rebuild does. */
export function writeEndpoints(
  { db }: Pick<Store, 'db'>,
  endpoints: readonly string[],
  versionId = 'install-1 v',
): void {
  db.prepare('DELETE FROM extension_api_endpoint WHERE version_id = ?').run(versionId);
  for (const endpoint of endpoints) {
    const [method, path] = endpoint.split(' ');
    db.prepare('INSERT INTO extension_api_endpoint VALUES (?, ?, ?, ?, ?)').run(
      randomUUID(),
      versionId,
      method,
      path,
      'handler',
    );
  }
}

/** One call with a host of its own. */
export async function askOnce(store: Store, context: HostContext, call: HostCall): Promise<HostReply> {
  const capabilities = createCapabilities({ store });
  try {
    return await capabilities.hostFunctions(context)(call);
  } finally {
    await capabilities.close();
  }
}
