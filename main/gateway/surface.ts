/** One of the platform's two routes to a handler, as the table of spec 6.1 tells them apart. */
export interface Surface {
  readonly id: 'direct' | 'proxy';
  /** As traffic names the hop. */
  readonly what: 'ext' | 'ext-proxy';
  /** Request headers of the caller that reach the guest; the two `x-alga-` ones are added to them. */
  readonly guestHeaders: readonly string[];
  /** Whether the guest sees an `x-request-id` even when the caller sent none. */
  readonly alwaysRequestId: boolean;
  /** Where the idempotency key goes: to the guest as a header, or to the runner, which then repeats its answer. */
  readonly idempotencyKey: 'guest' | 'runner';
  /** Whether a POST may turn into another method through `__method`. */
  readonly methodOverride: boolean;
  /** Guest response headers that reach the caller. */
  readonly responseHeaders: readonly string[];
  /** Headers that every answer of the runner carries whatever the guest said. */
  readonly fixedResponseHeaders: readonly { readonly name: string; readonly value: string }[];
  /** Larger bodies are refused before they are read whole, in bytes. */
  readonly bodyLimit: number;
  /** Whether the user the guest sees has additional fields. */
  readonly userAdditionalFields: boolean;
}

export const MIB = 1024 * 1024;

/** Whole JSON document that the runner takes (spec 4.2), in bytes. */
export const RUNNER_ENVELOPE_LIMIT = 2 * MIB;

/** Request headers that both routes pass on. */
export const COMMON_GUEST_HEADERS = [
  'x-request-id',
  'accept',
  'content-type',
  'accept-encoding',
  'user-agent',
] as const;

/** Methods that both routes export; HEAD runs as GET (spec 6.3 row 1). */
export const GATEWAY_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
