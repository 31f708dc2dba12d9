import type { Gateway } from '../gateway/index.ts';
import { hasPageServer, startPageServer } from '../page-server/index.ts';
import type { PageServers } from '../workspace/index.ts';
import type { Resources } from './resources.ts';

/** Servers of projects' own, at the addresses under which the gateway gives out their pages. */
export function pageServers(gateway: Gateway, resources: Resources): PageServers {
  return {
    has: hasPageServer,
    start: (folder, registryId, signal) =>
      startPageServer({
        folder,
        base: gateway.pageServerBase(registryId),
        clientPort: gateway.port,
        toolchain: resources.toolchain,
        worker: resources.pageServerWorker,
        signal,
      }),
  };
}
