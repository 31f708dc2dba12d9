import { err, guarded, type HostInterface } from './host-interface.ts';

/**
 * `alga:extension/ui-proxy` (spec 3.4, 9.4) on a runner without `UI_PROXY_BASE_URL`: there is no platform behind the
 * workbench, so every granted call is `route-not-found`.
 */
export const uiProxyInterface: HostInterface = {
  'call-route': guarded('cap:ui.proxy', 'denied', () =>
    err('route-not-found', 'There is no platform behind the workbench to call.'),
  ),
};
