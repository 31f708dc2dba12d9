import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WorkbenchError } from '../../contract/index.ts';

/** Where everything of the gateway listens, and the page servers behind it. */
export const IPV4 = '127.0.0.1';
const IPV6 = '::1';
/** A free port is drawn again this often when the other loopback address already uses it. */
const DRAWS = 10;
/** Longer than clients keep idle connections, so that they do not send into one that is just being closed. */
const KEEP_ALIVE_MS = 72_000;
/** The machine has no IPv6 loopback: the IPv4 one serves alone. */
const NO_IPV6: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** Who takes over connections that are to become WebSockets. */
export interface Upgrades {
  /** What is not taken is answered as an ordinary request. */
  takes(request: IncomingMessage): boolean;
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The loopback sockets of the gateway. */
export interface Listening {
  readonly port: number;
  /** Stops listening and ends every connection but those that were taken over. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1 with the same port: browsers try both for
 * `localhost`, and a port that another program holds on one of them would be that program to them.
 *
 * @param port 0 takes a free one
 * @throws `gateway.port-in-use`, `gateway.cannot-listen`
 */
export async function listenOnLoopback(
  port: number,
  listener: RequestListener,
  upgrades?: Upgrades,
): Promise<Listening> {
  for (let draw = 1; ; draw += 1) {
    const servers: Server[] = [];
    try {
      const first = await open(IPV4, port, listener, upgrades);
      servers.push(first);
      const chosen = (first.address() as AddressInfo).port;
      const second = await open(IPV6, chosen, listener, upgrades).catch(unlessMissing);
      if (second) servers.push(second);
      return { port: chosen, close: () => closeAll(servers) };
    } catch (error) {
      await closeAll(servers);
      const code = errorCode(error);
      if (code === 'EADDRINUSE' && port === 0 && draw < DRAWS) continue;
      throw new WorkbenchError(code === 'EADDRINUSE' ? 'gateway.port-in-use' : 'gateway.cannot-listen', {
        details: { port },
        cause: error,
      });
    }
  }
}

function open(
  host: string,
  port: number,
  listener: RequestListener,
  upgrades: Upgrades | undefined,
): Promise<Server> {
  const shouldUpgradeCallback = (request: IncomingMessage): boolean => upgrades?.takes(request) ?? false;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, shouldUpgradeCallback }, listener);
  if (upgrades) server.on('upgrade', (request, socket, head) => upgrades.take(request, socket, head));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: host === IPV6 }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function unlessMissing(error: unknown): undefined {
  if (NO_IPV6.has(errorCode(error))) return undefined;
  throw error;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      server =>
        new Promise<void>(resolve => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}
