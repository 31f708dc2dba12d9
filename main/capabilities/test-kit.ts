import type { Capability, HostCall, User } from '../../contract/index.ts';
import { openStore, type Store } from '../store/index.ts';
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
