import type { ServerResponse } from 'node:http';

const HEARTBEAT_MS = 25_000;
/** A page that has not read this much is gone for practical purposes, in bytes. */
const MAX_BACKLOG = 4 * 1024 * 1024;

/**
 * Server-sent events to open host pages: each gets the whole state when it connects and again whenever it is
 * different from what was sent last. Owns its connections and its heartbeat.
 */
export class PageEvents {
  readonly #read: () => unknown;
  readonly #pages = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;
  #sent = '';

  /** @param read the state to send, plain JSON data */
  constructor(read: () => unknown) {
    this.#read = read;
    this.#heartbeat = setInterval(() => this.#broadcast(':\n\n'), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Takes over a response whose headers are not sent yet. */
  connect(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.once('close', () => this.#pages.delete(response));
    this.changed();
    response.write(stateEvent(this.#sent));
    this.#pages.add(response);
  }

  /** Tells every open page, if anything it shows has changed. */
  changed(): void {
    const state = JSON.stringify(this.#read());
    if (state === this.#sent) return;
    this.#sent = state;
    this.#broadcast(stateEvent(state));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const page of this.#pages) page.end();
    this.#pages.clear();
  }

  #broadcast(text: string): void {
    for (const page of this.#pages) {
      if (page.writableLength > MAX_BACKLOG) page.destroy();
      else page.write(text);
    }
  }
}

function stateEvent(state: string): string {
  return `event: state\ndata: ${state}\n\n`;
}
