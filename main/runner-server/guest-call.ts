import type { ExecuteRequest, ExecuteResponse, ExecutionLimits, User } from '../../contract/index.ts';
import { decodeBase64 } from './base64.ts';
import type { ExecuteDocument } from './execute-document.ts';

/** Body of every answer to `POST /v1/execute` that was read at all (spec 4.5). */
export interface ExecuteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body_b64: string | null;
  readonly error: string | null;
}

/** The guest's request (spec 4.4); undefined when the body is not base64. Config is left out. */
export function toGuest({ context, http }: ExecuteDocument): ExecuteRequest | undefined {
  const body = http.body_b64 == null ? undefined : decodeBase64(http.body_b64);
  if (http.body_b64 != null && body === undefined) return undefined;
  return {
    context: {
      tenantId: context.tenant_id,
      extensionId: context.extension_id,
      ...(context.request_id != null && { requestId: context.request_id }),
      ...(context.install_id != null && { installId: context.install_id }),
      ...(context.version_id != null && { versionId: context.version_id }),
    },
    http: {
      method: http.method,
      url: withQuery(http.path, http.query),
      headers: Object.entries(http.headers).map(([name, value]) => ({ name, value })),
      ...(body && { body }),
    },
  };
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const encoded = new URLSearchParams(query).toString();
  return encoded === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${encoded}`;
}

const TICK_MS = 10;
const DEFAULT_MEMORY_MB = 256;
/** More than any engine gives, which then says so, and still a 32-bit number. */
const MOST_MEMORY_MB = 2 ** 31 - 1;
/** The longest time the native runner counts. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * Limits of a run (spec 4.7): time in whole ticks of 10 ms, at least one; 256 MiB when no memory is named. Undefined
 * when no time is given, which on the platform ends the guest at its first step.
 *
 * @param defaultMs the time of a call that gives none
 */
export function toLimits({ limits }: ExecuteDocument, defaultMs?: number): ExecutionLimits | undefined {
  const timeoutMs = limits.timeout_ms ?? defaultMs;
  if (timeoutMs === undefined) return undefined;
  const ticks = Math.max(1, Math.floor(timeoutMs / TICK_MS));
  return {
    timeoutMs: Math.min(ticks * TICK_MS, LONGEST_MS),
    memoryMb: Math.min(limits.memory_mb ?? DEFAULT_MEMORY_MB, MOST_MEMORY_MB),
  };
}

/** A guest's response as the caller gets it: equal names collapse, the last value wins, nothing is checked (spec 4.5). */
export function toAnswer({ status, headers, body }: ExecuteResponse): ExecuteAnswer {
  return {
    status,
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    body_b64: body === undefined ? null : Buffer.from(body).toString('base64'),
    error: null,
  };
}

/** An outcome without a response of the guest (spec 4.3). */
export function failed(status: number, error: string): ExecuteAnswer {
  return { status, headers: {}, body_b64: null, error };
}

/** The caller vouches for the user; permissions do not travel, so an internal one has those of an agent. */
export function toUser(user: NonNullable<ExecuteDocument['user']>): User {
  return {
    userId: user.user_id,
    email: user.user_email,
    name: user.user_name,
    userType: user.user_type,
    ...(user.client_id != null && { clientId: user.client_id }),
    additionalFields: user.additional_fields,
    permissions: user.user_type === 'internal' ? ['extension:read', 'extension:write'] : [],
  };
}
