import { GATEWAY_METHODS } from './surface.ts';

const MARKER = '__method';

/** The parts of a call that an override may change. */
export interface Call {
  readonly method: string;
  /** Repeated keys keep their last value (spec 6.4, ui-bridge 3.6.3). */
  readonly query: ReadonlyMap<string, string>;
  /** Absent is "none" for the guest, an empty array an empty list (spec ui-bridge 7.1). */
  readonly body?: Uint8Array;
}

/**
 * Applies `__method` (spec 6.1, ui-bridge 3.6.3). Only a raw POST may carry it, in the query, which wins, or as a
 * member of a JSON object body; it must name one of the five methods. A used marker is removed from both places;
 * a body left without members becomes absent, and an override to GET drops the body. Anything else, also a marker
 * on another method, stays as it is and reaches the handler.
 */
export function applyMethodOverride(call: Call): Call {
  if (call.method !== 'POST') return call;
  const json = objectWithMarker(call.body);
  const method = methodName(call.query.get(MARKER)) ?? methodName(json?.[MARKER]);
  if (method === undefined) return call;
  const query = new Map(call.query);
  query.delete(MARKER);
  const body = method === 'GET' ? undefined : json === undefined ? call.body : withoutMarker(json);
  return { method, query, ...(body !== undefined && { body }) };
}

function methodName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const name = value.trim().toUpperCase();
  return GATEWAY_METHODS.find(known => known === name);
}

function objectWithMarker(body: Uint8Array | undefined): Record<string, unknown> | undefined {
  if (body === undefined || !Buffer.from(body.buffer, body.byteOffset, body.length).includes(MARKER))
    return undefined;
  const value = parseJson(Buffer.from(body).toString('utf8'));
  return isObject(value) && Object.hasOwn(value, MARKER) ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A body that is not JSON carries no marker; it is the handler's to judge.
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutMarker(json: Record<string, unknown>): Uint8Array | undefined {
  const rest = Object.fromEntries(Object.entries(json).filter(([key]) => key !== MARKER));
  return Object.keys(rest).length === 0 ? undefined : Buffer.from(JSON.stringify(rest));
}
