import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { DebugFeed, FeedEntry, FeedScope } from './debug-feed.ts';

/** Events of the past that a new reader gets first (spec 4.11). */
const TAIL_COUNT = 200;
const POLLED_AT_ONCE = 100;
const HEARTBEAT_MS = 25_000;
/** A reader that has not read this much is gone for practical purposes, in bytes. */
const MAX_BACKLOG = 4 * 1024 * 1024;
const NO_ENTRY = '0-0';

const PollBody = z.object({ lastId: z.string().nullish() });

/** Which events a reader wants: a stream, and of it those of one install or request. */
export interface DebugQuery extends FeedScope {
  readonly installId?: string;
  readonly requestId?: string;
}

/** An event as the platform's consumer API gives it: ids in camelCase (spec 4.11). */
export type ConsumerEvent = Readonly<Record<string, string | boolean | undefined>>;

/**
 * The two forms of the debug stream (spec 4.11): server-sent events for whoever stays, and polling. Owns the
 * connections that stay.
 */
export class DebugStreams {
  readonly #feed: DebugFeed;
  readonly #readers = new Map<ServerResponse, () => void>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(feed: DebugFeed) {
    this.#feed = feed;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Takes over a response whose headers are not sent yet: `data: {json}` for each event, first of the past. */
  connect(response: ServerResponse, query: DebugQuery): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    // An empty first write would be none, and the reader would wait for its headers.
    response.write(':\n\n');
    const past = this.#feed.tail(query, TAIL_COUNT).filter(entry => isWanted(entry, query));
    response.write(past.map(eventText).join(''));
    const stop = this.#feed.listen(query, entry => {
      if (isWanted(entry, query)) write(response, eventText(entry));
    });
    this.#readers.set(response, stop);
    response.once('close', () => this.#leave(response));
  }

  /**
   * Answer to a poll: up to 100 entries behind `lastId`, from the oldest kept without one, those wanted of them, and
   * the id to go on with. A body that is no such document counts as none.
   */
  poll(query: DebugQuery, body: Uint8Array): { events: ConsumerEvent[]; lastId: string } {
    const lastId = readLastId(body);
    const entries = this.#feed.after(query, lastId, POLLED_AT_ONCE);
    return {
      events: entries.filter(entry => isWanted(entry, query)).map(toConsumerEvent),
      lastId: entries.at(-1)?.id ?? lastId ?? NO_ENTRY,
    };
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const [response] of this.#readers) {
      this.#leave(response);
      response.end();
    }
  }

  #beat(): void {
    for (const response of this.#readers.keys()) write(response, ':\n\n');
  }

  #leave(response: ServerResponse): void {
    this.#readers.get(response)?.();
    this.#readers.delete(response);
  }
}

/** Reads the query of the consumer API; undefined without an extension (spec 4.11). */
export function readDebugQuery(query: URLSearchParams, ownTenant: string): DebugQuery | undefined {
  const [extensionId, tenantId = ownTenant, installId, requestId] = [
    'extensionId',
    'tenantId',
    'installId',
    'requestId',
  ].map(name => (query.get(name) === '' ? undefined : (query.get(name) ?? undefined)));
  if (extensionId === undefined) return undefined;
  return {
    extensionId,
    tenantId,
    ...(installId !== undefined && { installId }),
    ...(requestId !== undefined && { requestId }),
  };
}

function write(response: ServerResponse, text: string): void {
  if (response.writableLength > MAX_BACKLOG) response.destroy();
  else response.write(text);
}

function eventText(entry: FeedEntry): string {
  return `data: ${JSON.stringify(toConsumerEvent(entry))}\n\n`;
}

function isWanted({ event }: FeedEntry, { installId, requestId }: DebugQuery): boolean {
  return (
    (installId === undefined || event.install_id === installId) &&
    (requestId === undefined || event.request_id === requestId)
  );
}

function toConsumerEvent({ event }: FeedEntry): ConsumerEvent {
  const { tenant_id, extension_id, install_id, request_id, version_id, content_hash, ...rest } = event;
  return {
    ...rest,
    tenantId: tenant_id,
    extensionId: extension_id,
    installId: install_id,
    requestId: request_id,
    versionId: version_id,
    contentHash: content_hash,
  };
}

function readLastId(body: Uint8Array): string | undefined {
  try {
    const { lastId } = PollBody.parse(JSON.parse(Buffer.from(body).toString('utf8')));
    return lastId != null && /^\d+-\d+$/.test(lastId) ? lastId : undefined;
  } catch {
    return undefined;
  }
}
