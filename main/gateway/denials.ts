import { ERRORS, type ErrorCode, type Header } from '../../contract/index.ts';
import type { Surface } from './surface.ts';

interface DenialRow {
  readonly status: Readonly<Record<Surface['id'], number>>;
  /** Value of `error` in the platform's body. */
  readonly error: string;
  /** Whether the body carries `requestId`. */
  readonly requestId?: true;
  /** Our own name and explanation for it. */
  readonly code: ErrorCode;
}

/** The platform's refusals: statuses and bodies of spec 6.2 to 6.4 and ui-bridge 3.6.3. */
export const DENIALS = {
  signedOut: { status: both(401), error: 'Unauthorized', code: 'gateway.signed-out' },
  tenantMismatch: { status: both(403), error: 'tenant_mismatch', code: 'gateway.tenant-mismatch' },
  notAvailable: { status: both(404), error: 'extension_not_available', code: 'gateway.not-available' },
  endpointNotFound: { status: both(404), error: 'endpoint_not_found', code: 'gateway.endpoint-not-declared' },
  forbidden: { status: both(403), error: 'forbidden', code: 'gateway.forbidden' },
  rateLimited: { status: both(429), error: 'rate_limited', code: 'gateway.rate-limited' },
  unusableResponse: {
    status: both(503),
    error: 'access_policy_unavailable',
    code: 'gateway.unusable-response',
  },
  unexpected: { status: both(503), error: 'access_policy_unavailable', code: 'internal.unexpected' },
  payloadTooLarge: { status: both(413), error: 'payload_too_large', code: 'gateway.payload-too-large' },
  envelopeTooLarge: {
    status: { direct: 502, proxy: 413 },
    error: 'bad_gateway',
    requestId: true,
    code: 'gateway.envelope-too-large',
  },
  timeout: { status: both(502), error: 'bad_gateway', requestId: true, code: 'gateway.timeout' },
  runnerFailed: { status: both(502), error: 'bad_gateway', requestId: true, code: 'gateway.runner-failed' },
  notConfigured: {
    status: { direct: 502, proxy: 500 },
    error: 'bad_gateway',
    requestId: true,
    code: 'gateway.runner-failed',
  },
} as const satisfies Record<string, DenialRow>;

export type DenialName = keyof typeof DENIALS;

function both(status: number): Record<Surface['id'], number> {
  return { direct: status, proxy: status };
}

/** What went wrong, for traffic and for the strict posture. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  /** What to do about it. */
  readonly next: string;
}

/** An answer of the gateway before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
  readonly failure?: Failure;
}

/** A refusal in the platform's words. `detail` says what exactly, for people only; headers are added as they are. */
export function deny(
  surface: Surface,
  name: DenialName,
  facts: { requestId: string; detail?: string; code?: string; headers?: readonly Header[] },
): Answer {
  const row: DenialRow = DENIALS[name];
  const body = { error: row.error, ...(row.requestId && { requestId: facts.requestId }) };
  return {
    status: row.status[surface.id],
    headers: [{ name: 'content-type', value: 'application/json' }, ...(facts.headers ?? [])],
    body: Buffer.from(JSON.stringify(body)),
    failure: {
      code: facts.code ?? row.code,
      message: ERRORS[row.code].message,
      next: ERRORS[row.code].next,
      ...(facts.detail !== undefined && { detail: facts.detail }),
    },
  };
}

/**
 * The strict posture's form of a failed answer: the same status and, beside what the platform says, `explanation`
 * with our code, sentence, detail and next step; `x-ext-warning`, which the platform lets through, names the code.
 * An empty body becomes such a document too (spec 13.1, "Invocation").
 */
export function explain(answer: Answer): Answer {
  if (answer.failure === undefined) return answer;
  const platform: unknown = answer.body === undefined || answer.body.length === 0 ? {} : parse(answer.body);
  const kept = answer.headers.filter(header => !['content-type', 'x-ext-warning'].includes(header.name));
  return {
    ...answer,
    headers: [
      ...kept,
      { name: 'content-type', value: 'application/json' },
      { name: 'x-ext-warning', value: answer.failure.code },
    ],
    body: Buffer.from(JSON.stringify({ ...(platform as object), explanation: answer.failure })),
  };
}

function parse(body: Uint8Array): unknown {
  return JSON.parse(Buffer.from(body).toString('utf8'));
}
