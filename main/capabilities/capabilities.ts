import { WorkbenchError, type HostCall, type HostFunctions, type HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { clientsInterface } from './clients.ts';
import { contextInterface } from './context.ts';
import type { HostContext } from './host-context.ts';
import type { HostInterface } from './host-interface.ts';
import { createHttp } from './http.ts';
import { invoicingInterface } from './invoicing.ts';
import { loggingInterface } from './logging.ts';
import { schedulerInterface } from './scheduler.ts';
import { secretsInterface } from './secrets.ts';
import { servicesInterface } from './services.ts';
import { createStorage } from './storage.ts';
import { uiProxyInterface } from './ui-proxy.ts';
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
 * `httpTimeoutMs` and `now` (epoch milliseconds) default to the platform's 30 s and the clock.
 *
 * A host function rejects only with `capabilities.bad-call`, for names or arguments that the world does not have, and with
 * what `HostContext.secrets` throws, which on the platform ends the call, too (spec 4.3, row 6); everything else is an
 * answer.
 */
export function createCapabilities(o: {
  store: Store;
  httpTimeoutMs?: number;
  now?: () => number;
}): Capabilities {
  const http = createHttp(o.httpTimeoutMs === undefined ? {} : { timeoutMs: o.httpTimeoutMs });
  const interfaces: Readonly<Record<string, HostInterface>> = {
    context: contextInterface,
    secrets: secretsInterface,
    http: http.functions,
    storage: createStorage({ store: o.store, ...(o.now && { now: o.now }) }),
    logging: loggingInterface,
    'ui-proxy': uiProxyInterface,
    user: userInterface,
    'user-v2': userV2Interface,
    scheduler: schedulerInterface,
    invoicing: invoicingInterface,
    clients: clientsInterface,
    services: servicesInterface,
  };
  return {
    hostFunctions: context => call => answer(interfaces, context, call),
    close: () => http.close(),
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
  const started = performance.now();
  const reply = await hostFunction(context, call);
  context.onCall?.(call, reply, performance.timeOrigin + started, performance.now() - started);
  return reply;
}

/** A member of the object itself, so that a name like `constructor` finds nothing. */
function own<T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}
