import { WorkbenchError, type HostCall, type HostFunctions, type HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createClients } from './clients.ts';
import { contextInterface } from './context.ts';
import { createDirectory } from './directory.ts';
import type { HostContext } from './host-context.ts';
import type { HostInterface } from './host-interface.ts';
import { createHttp } from './http.ts';
import { createInvoicing } from './invoicing.ts';
import { loggingInterface } from './logging.ts';
import { createScheduler } from './scheduler.ts';
import { secretsInterface } from './secrets.ts';
import { createServices } from './services.ts';
import { createStorage } from './storage.ts';
import { createTenantGate } from './tenant-gate.ts';
import { createUiProxy, type UiProxyOptions } from './ui-proxy.ts';
import { userInterface, userV2Interface } from './user.ts';

/** Answers the host calls of runs. */
export interface Capabilities {
  /** The functions of one run; calls of one run may overlap. */
  hostFunctions(context: HostContext): HostFunctions;
  /** Breaks off outgoing requests; calls that come later fail as `transport`. The store stays the caller's. */
  close(): Promise<void>;
}

/**
 * The twelve interfaces of the component world (spec sections 3.4 and 9) over the local database and network.
 * `httpTimeoutMs` and `now` (epoch milliseconds) default to the platform's 30 s and the clock; without `uiProxy` there is
 * nothing for ui-proxy to call. Clients and services are demo rows, written when a tenant is first asked for.
 *
 * Throws `capabilities.bad-ui-proxy-base` for a base that cannot be called.
 *
 * A host function rejects only with `capabilities.bad-call`, for names or arguments that the world does not have, and with
 * what `HostContext.secrets` throws, which on the platform ends the call, too (spec 4.3, row 6); everything else is an
 * answer.
 */
export function createCapabilities(o: {
  store: Store;
  httpTimeoutMs?: number;
  now?: () => number;
  uiProxy?: UiProxyOptions;
}): Capabilities {
  const { store, now = Date.now } = o;
  const http = createHttp(o.httpTimeoutMs === undefined ? {} : { timeoutMs: o.httpTimeoutMs });
  const uiProxy = createUiProxy(o.uiProxy);
  const directory = createDirectory({ store, now });
  const gate = createTenantGate(store.db);
  const interfaces: Readonly<Record<string, HostInterface>> = {
    context: contextInterface,
    secrets: secretsInterface,
    http: http.functions,
    storage: createStorage({ store, now }),
    logging: loggingInterface,
    'ui-proxy': uiProxy.functions,
    user: userInterface,
    'user-v2': userV2Interface,
    scheduler: createScheduler({ store, now }),
    invoicing: createInvoicing({ store, directory, now }),
    clients: createClients({ directory, gate }),
    services: createServices({ directory, gate }),
  };
  return {
    hostFunctions: context => call => answer(interfaces, context, call),
    async close() {
      await Promise.all([http.close(), uiProxy.close()]);
    },
  };
}

async function answer(
  interfaces: Readonly<Record<string, HostInterface>>,
  context: HostContext,
  call: HostCall,
): Promise<HostReply> {
  const hostFunction = own(own(interfaces, call.interface), call.function);
  if (!hostFunction) {
    throw new WorkbenchError('capabilities.bad-call', {
      details: { function: `${call.interface}.${call.function}`, problems: 'There is no such function.' },
    });
  }
  return hostFunction(context, call);
}

/** A member of the object itself, so that a name like `constructor` finds nothing. */
function own<T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}
