import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { UiServer } from './ext-ui.ts';
import type { Site } from './host-check.ts';
import { IPV4, type Upgrades } from './listen.ts';

/** WebSockets between pages of an extension and the server that answers for them. Owns them until `close`. */
export class PageSockets implements Upgrades {
  readonly #ui: UiServer;
  readonly #siteOf: (host: string | undefined) => Site | undefined;
  readonly #open = new Set<Duplex>();

  constructor(ui: UiServer, siteOf: (host: string | undefined) => Site | undefined) {
    this.#ui = ui;
    this.#siteOf = siteOf;
  }

  takes({ headers, url }: IncomingMessage): boolean {
    return headers.upgrade?.toLowerCase() === 'websocket' && (url?.startsWith('/ext-ui/') ?? false);
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const port = this.#portOf(request);
    if (port === undefined) {
      socket.once('error', () => socket.destroy());
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const server = connect({ host: IPV4, port });
    server.write(headOf(request));
    server.write(head);
    socket.pipe(server).pipe(socket);
    this.#tie(socket, server);
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #portOf({ headers, url = '' }: IncomingMessage): number | undefined {
    const site = this.#siteOf(headers.host);
    if (site?.kind !== 'extension') return undefined;
    const ownOrigin = `http://${headers.host?.toLowerCase() ?? ''}`;
    const request = { rawUrl: url, hostRegistryId: site.registryId };
    return this.#ui.socketTarget(request, headers.origin, ownOrigin)?.server.port;
  }

  /** Neither end outlives the other; that one is gone is all there is to know about an error. */
  #tie(...ends: readonly [Duplex, Duplex]): void {
    for (const end of ends) {
      this.#open.add(end);
      end.once('error', () => end.destroy());
      end.once('close', () => {
        this.#open.delete(end);
        for (const other of ends) other.destroy();
      });
    }
  }
}

/** The request as it came, to be sent on. */
function headOf({ method = 'GET', url = '/', rawHeaders }: IncomingMessage): string {
  const lines: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    lines.push(`${rawHeaders[at] ?? ''}: ${rawHeaders[at + 1] ?? ''}`);
  return [`${method} ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}
