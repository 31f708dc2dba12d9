import type { User } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { PlatformError } from './platform-error.ts';

/** What the platform's internal APIs ask before they answer (spec 9.0, 9.6, 9.7). */
export interface TenantGate {
  /** The version that an install runs; throws 404 for an install the tenant does not have. */
  installedVersion(tenantId: string, installId: string): string;
  /** Throws 403 for a user whose role lacks `permission`; a call without a user passes, as on the platform. */
  checkPermission(user: User | undefined, permission: 'client:read' | 'service:read'): void;
}

/** The gate over the local tenant's installs and `local_role_permission`. */
export function createTenantGate(db: Store['db']): TenantGate {
  const version = db
    .prepare<[string, string], string>(
      'SELECT version_id FROM tenant_extension_install WHERE id = ? AND tenant_id = ?',
    )
    .pluck();
  const permitted = db
    .prepare<[string, string], number>(
      'SELECT 1 FROM local_role_permission WHERE user_type = ? AND permission = ?',
    )
    .pluck();
  return {
    installedVersion(tenantId, installId) {
      const versionId = version.get(installId, tenantId);
      if (versionId === undefined) throw new PlatformError(404, 'The tenant has no such install.');
      return versionId;
    },
    checkPermission(user, permission) {
      if (user === undefined || permitted.get(user.userType, permission) !== undefined) return;
      throw new PlatformError(403, `${user.name} (${user.userType}) lacks ${permission}.`);
    },
  };
}
