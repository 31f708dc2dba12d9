import type { User } from '../../contract/index.ts';
import type { Registry, ResolvedInstall } from '../registry/index.ts';

export const TENANT = { tenantId: '0f0e0d0c-1111-4222-8333-444455556666', clientName: 'Acme (local)' };
export const REGISTRY_ID = 'aabbccdd-1111-4222-8333-444455556666';
export const HASH = `sha256:${'ab'.repeat(32)}`;

export const AGENT: User = {
  userId: 'u-agent',
  email: 'agent@acme.example',
  name: 'Demo Agent',
  userType: 'internal',
  additionalFields: { locale: 'en' },
  permissions: ['extension:read', 'extension:write'],
};
export const READER: User = {
  ...AGENT,
  userId: 'u-reader',
  name: 'Demo Reader',
  permissions: ['extension:read'],
};
export const CLIENT: User = {
  ...AGENT,
  userId: 'u-client',
  name: 'Demo Client',
  userType: 'client',
  clientId: 'c-1',
  permissions: [],
};

export function install(changes: Partial<ResolvedInstall> = {}): ResolvedInstall {
  const endpoints = [
    { method: 'GET', path: '/api/items', handler: 'handler' },
    { method: 'POST', path: '/api/items', handler: 'handler' },
    { method: 'GET', path: '/api/items/:id', handler: 'handler' },
    { method: 'DELETE', path: '/api/items/:id', handler: 'handler' },
  ];
  return {
    installId: 'install-1',
    registryId: REGISTRY_ID,
    versionId: 'version-1',
    contentHash: HASH,
    buildHash: changes.contentHash ?? HASH,
    tenantId: TENANT.tenantId,
    name: 'invoice-helper',
    publisher: 'Acme',
    version: '0.3.1',
    enabled: true,
    manifest: { name: 'invoice-helper', version: '0.3.1', runtime: 'wasm-js@1', capabilities: [], endpoints },
    endpoints,
    capabilities: ['cap:context.read', 'cap:log.emit', 'cap:user.read'],
    componentPath: '/nowhere/main.wasm',
    config: {},
    appMenu: 'Invoice helper',
    ...changes,
  };
}

/** A registry in memory: one tenant, one session, the installs it is given. */
export class FakeRegistry implements Registry {
  all: ResolvedInstall[] = [install()];
  user: User | undefined = AGENT;
  readonly settings = new Map<string, string>();
  secretMap: Record<string, string> = { api_key: 'hush-hush' };

  resolve(id: string): ResolvedInstall | undefined {
    return this.all.find(each =>
      [each.installId, each.registryId, `${each.publisher}.${each.name}`.toLowerCase()].includes(id),
    );
  }
  installs(): ReturnType<Registry['installs']> {
    return this.all.map(each => ({
      installId: each.installId,
      registryId: each.registryId,
      versionId: each.versionId,
      name: each.name,
      publisher: each.publisher,
      version: each.version,
      contentHash: each.contentHash,
      buildHash: each.buildHash,
      enabled: each.enabled,
      capabilities: each.capabilities,
      endpoints: each.endpoints,
      hasUi: each.uiDir !== undefined,
      ...(each.appMenu !== undefined && { menuLabel: each.appMenu }),
      bundles: [],
      config: each.config,
      secretNames: Object.keys(this.secretMap),
    }));
  }
  bundle(registryId: string, contentHash: string): ReturnType<Registry['bundle']> {
    return this.all.find(each => each.registryId === registryId && each.contentHash === contentHash);
  }
  tenant(): typeof TENANT {
    return TENANT;
  }
  users(): User[] {
    return [AGENT, READER, CLIENT];
  }
  currentUser(): User | undefined {
    return this.user;
  }
  setCurrentUser(userId: string | undefined): void {
    this.user = this.users().find(user => user.userId === userId);
  }
  secrets(): Record<string, string> {
    return this.secretMap;
  }
  setting(key: string): string | undefined {
    return this.settings.get(key);
  }
  setSetting(key: string, value: string | undefined): void {
    if (value === undefined) this.settings.delete(key);
    else this.settings.set(key, value);
  }
  onChange(): () => void {
    return () => undefined;
  }
  installBundle(): Promise<ResolvedInstall> {
    return Promise.reject(unused());
  }
  uninstall(): void {
    throw unused();
  }
  setLive(): void {
    throw unused();
  }
  expectLive(): () => void {
    throw unused();
  }
  whenLive(): undefined {
    return undefined;
  }
  setEnabled(): void {
    throw unused();
  }
  setConfig(): void {
    throw unused();
  }
  mergeSecrets(): void {
    throw unused();
  }
  clearSecrets(): void {
    throw unused();
  }
}

function unused(): Error {
  return new Error('The gateway has no business calling this.');
}
