/** The only version of the envelope (spec ui-bridge 3.1). */
export const ENVELOPE_VERSION = '1';

/** A received message as far as it can be read. */
export interface ReadMessage {
  /** `valid`: `alga` and `version` are right; `bare`: a typed object without them; `foreign`: anything else. */
  readonly envelope: 'valid' | 'bare' | 'foreign';
  /** Empty when there is none. */
  readonly type: string;
  readonly requestId: unknown;
  readonly payload: unknown;
}

/** Reads message data of any shape (spec ui-bridge 3.1, 3.4). */
export function readMessage(data: unknown): ReadMessage {
  if (!isObject(data) || typeof data['type'] !== 'string')
    return { envelope: 'foreign', type: '', requestId: undefined, payload: undefined };
  const enveloped = data['alga'] === true && data['version'] === ENVELOPE_VERSION;
  return {
    envelope: enveloped ? 'valid' : 'bare',
    type: data['type'],
    requestId: data['request_id'],
    payload: data['payload'],
  };
}

/** A message of the host (spec ui-bridge 3.3). */
export function envelope(type: string, payload: unknown, requestId?: unknown): Record<string, unknown> {
  return {
    alga: true,
    version: ENVELOPE_VERSION,
    type,
    ...(requestId !== undefined && { request_id: requestId }),
    payload,
  };
}

/** A member of something that may not be an object. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
