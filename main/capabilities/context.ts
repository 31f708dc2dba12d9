import { plain, type HostInterface } from './host-interface.ts';

/**
 * `alga:extension/context` (spec 3.4, 9.8): echoes the request's ids. The native runner answers it without asking;
 * this is for hosts that do ask. `cap:context.read` is granted to every install, so there is no refusal.
 */
export const contextInterface: HostInterface = {
  'get-context': ({ requestId, tenantId, extensionId, installId, versionId }) =>
    plain({
      requestId,
      tenantId,
      extensionId,
      ...(installId !== undefined && { installId }),
      ...(versionId !== undefined && { versionId }),
    }),
};
