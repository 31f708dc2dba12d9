import type { HostPageExtension, HostPageState, Posture, PreviewTheme } from '../../contract/index.ts';
import type { Registry } from '../registry/index.ts';
import { extensionHostLabel } from '../hosting/index.ts';

/** What the gateway is told from outside and shows in the host page. */
export interface PageSettings {
  theme: PreviewTheme;
  posture: Posture;
  /** Where extensions' pages stand, by registry id. */
  readonly fragments: Map<string, string>;
}

/** Everything the host page shows, as of now. The tenant's name stands for the platform's own title. */
export function readPageState(registry: Registry, settings: PageSettings, port: number): HostPageState {
  const tenant = registry.tenant();
  const user = registry.currentUser();
  return {
    tenantName: tenant.clientName,
    ...(user && { user: { userId: user.userId, name: user.name, userType: user.userType } }),
    theme: settings.theme,
    posture: settings.posture,
    extensions: registry.installs().map((install): HostPageExtension => ({
      ...fragmentOf(settings, install.registryId),
      registryId: install.registryId,
      name: install.name,
      publisher: install.publisher,
      version: install.version,
      contentHash: install.buildHash,
      enabled: install.enabled,
      ...(install.menuLabel !== undefined && { menuLabel: install.menuLabel }),
      endpoints: install.endpoints,
      ...(install.hasUi && { frameOrigin: extensionOrigin(tenant.tenantId, install.registryId, port) }),
    })),
  };
}

/** Origin of an extension's own UI. */
function extensionOrigin(tenantId: string, registryId: string, port: number): string {
  return `http://${extensionHostLabel(tenantId, registryId)}.localhost:${port}`;
}

function fragmentOf({ fragments }: PageSettings, registryId: string): { fragment?: string } {
  const fragment = fragments.get(registryId);
  return fragment === undefined ? {} : { fragment };
}
