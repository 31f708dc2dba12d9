import { DebugLog } from '../hosting/index.ts';
import type { ResolvedInstall } from '../registry/index.ts';
import type { GatewayContext } from './context.ts';

/** Where the debug events of a run go, under the ids that the platform's runner would be sent (spec 4.11). */
export function debugLogOf(context: GatewayContext, install: ResolvedInstall, requestId: string): DebugLog {
  const scope = {
    tenant_id: install.tenantId,
    extension_id: install.registryId,
    install_id: install.installId,
    request_id: requestId,
    version_id: install.versionId,
    content_hash: install.buildHash,
  };
  return new DebugLog(scope, {
    emit: event => context.debug.publish(event),
    secrets: context.secretValues,
  });
}
