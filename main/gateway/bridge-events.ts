import { BridgeBatch, WorkbenchError, type BridgeEvent, type RecordedBody } from '../../contract/index.ts';
import type { Traffic } from '../traffic/index.ts';

/** Largest report of the host page, in bytes. */
export const BRIDGE_BODY_LIMIT = 16 * 1024 * 1024;

/**
 * Reads a report of the host page. Throws `gateway.bad-report` for anything that is not a batch of events.
 *
 * @param body the request's bytes; a beacon names no JSON type, so none is asked for
 */
export function readBatch(body: unknown): BridgeBatch {
  try {
    if (!(body instanceof Uint8Array)) throw new WorkbenchError('gateway.bad-report');
    return BridgeBatch.parse(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch (cause) {
    throw new WorkbenchError('gateway.bad-report', { cause });
  }
}

/** Records every message of a batch as one finished `message` hop. */
export function recordBatch(traffic: Traffic, batch: BridgeBatch, extension: string | undefined): void {
  for (const event of batch.events) recordMessage(traffic, event, batch.contentHash, extension);
}

function recordMessage(
  traffic: Traffic,
  event: BridgeEvent,
  contentHash: string,
  extension: string | undefined,
): void {
  const inbound = event.direction === 'to-host';
  const hop = traffic.begin({
    traceId: event.traceId,
    kind: 'message',
    from: inbound ? 'iframe' : 'host',
    to: inbound ? 'host' : 'iframe',
    what: event.type,
    detail: event.detail,
    startedAt: event.startedAt,
    contentHash,
    ...(extension !== undefined && { extension }),
    ...(event.request && { request: message(event.request) }),
  });
  hop.note('Envelope', ENVELOPES[event.envelope]);
  hop.note('Origin', event.origin);
  if (event.requestId !== undefined) hop.note('request_id', event.requestId);
  if (event.warning) hop.note('Warning', event.warning.message);
  hop.end({
    status: event.status,
    outcome: event.outcome,
    durationMs: event.durationMs,
    ...(event.response && { response: message(event.response) }),
    ...(event.outcome === 'error' && event.warning && { error: event.warning }),
  });
}

const ENVELOPES: Readonly<Record<BridgeEvent['envelope'], string>> = {
  valid: 'valid',
  bare: 'bare: alga and version are missing, which the live bridge accepts for apiproxy and resize',
  foreign: 'not a message of the bridge',
};

function message(body: RecordedBody): { headers: []; body: Uint8Array; contentType?: string } {
  return {
    headers: [],
    body: Buffer.from(body.base64, 'base64'),
    ...(body.contentType !== undefined && { contentType: body.contentType }),
  };
}
