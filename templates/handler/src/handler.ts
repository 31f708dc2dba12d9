import { jsonResponse, type HostBindings, type UserData } from '@alga-psa/extension-runtime';
import { increment, readCounter } from './counters.ts';
import { HostError, withHost } from './host-bindings.ts';
import { createRouter, type Call } from './router.ts';

/** The platform calls this for every request that fits an endpoint of manifest.json. */
export const handler = withHost(
  createRouter([
    { method: 'GET', path: '/api/status', run: status },
    { method: 'GET', path: '/api/counters/:name', run: readCounter },
    { method: 'POST', path: '/api/counters/:name', run: increment },
  ]),
);

async function status({ request, host }: Call) {
  const { tenantId, extensionId, requestId } = request.context;
  const caller = await currentUser(host);
  await host.logging.info(`Status asked for by ${caller?.userName ?? 'nobody in particular'}`);
  return jsonResponse({ ok: true, tenantId, extensionId, requestId, caller });
}

/** No user stands behind a call that a schedule makes. */
async function currentUser(host: HostBindings): Promise<UserData | null> {
  try {
    return await host.user.getUser();
  } catch (error) {
    if (error instanceof HostError && error.code === 'not-available') return null;
    throw error;
  }
}
