import { randomUUID } from 'node:crypto';
import type { ExecuteRequest, Header } from '../../contract/index.ts';
import type { ResolvedInstall } from '../registry/index.ts';
import { single, type IncomingHeaders } from './caller-check.ts';
import type { Call } from './method-override.ts';
import type { Surface } from './surface.ts';

/** The request as the guest sees it, and what it does not see. */
export interface GuestRequest {
  readonly request: ExecuteRequest;
  /** Names of the caller's headers that the platform keeps back. */
  readonly dropped: readonly string[];
  /** Key under which the runner repeats an earlier answer (spec 4.3 step 2), where the route sends one. */
  readonly idempotencyKey?: string;
}

/**
 * Maps a call to the guest's request (spec 4.4, 6.1, ui-bridge 7.1).
 *
 * @param path decoded path below the extension, with a leading and without a trailing slash
 * @param requestId the caller's `x-request-id` or one of the gateway's own
 */
export function toGuestRequest(
  surface: Surface,
  call: Call,
  facts: { path: string; headers: IncomingHeaders; install: ResolvedInstall; requestId: string },
): GuestRequest {
  const { install, requestId } = facts;
  const own = ownHeaders(surface, call, facts);
  const passed = Object.keys(facts.headers).filter(name => surface.guestHeaders.includes(name));
  const headers = new Map(passed.map(name => [name, single(facts.headers[name]) ?? '']));
  for (const header of own) headers.set(header.name, header.value);
  const key = single(facts.headers['x-idempotency-key']) ?? requestId;
  return {
    request: {
      context: {
        requestId,
        tenantId: install.tenantId,
        extensionId: install.registryId,
        installId: install.installId,
        versionId: install.versionId,
      },
      http: {
        method: call.method,
        url: guestUrl(facts.path, call.query),
        headers: [...headers].map(([name, value]) => ({ name, value })),
        ...(call.body !== undefined && { body: call.body }),
      },
    },
    dropped: Object.keys(facts.headers).filter(name => !headers.has(name)),
    ...(surface.idempotencyKey === 'runner' && !isRead(call.method) && { idempotencyKey: key }),
  };
}

/** Headers that the gateway itself writes for the guest. */
function ownHeaders(
  surface: Surface,
  call: Call,
  facts: { headers: IncomingHeaders; install: ResolvedInstall; requestId: string },
): Header[] {
  const needsKey =
    surface.idempotencyKey === 'guest' &&
    !isRead(call.method) &&
    facts.headers['x-idempotency-key'] === undefined;
  return [
    { name: 'x-alga-tenant', value: facts.install.tenantId },
    { name: 'x-alga-extension', value: facts.install.registryId },
    ...(surface.alwaysRequestId ? [{ name: 'x-request-id', value: facts.requestId }] : []),
    ...(needsKey ? [{ name: 'x-idempotency-key', value: randomUUID() }] : []),
  ];
}

/** GET and HEAD: no body is read, no idempotency key is made. */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Path and form-encoded query; a path that holds a question mark already is continued with `&` (spec 4.4). */
export function guestUrl(path: string, query: ReadonlyMap<string, string>): string {
  if (query.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams([...query]).toString()}`;
}

/**
 * Size in bytes of the JSON document that the platform's gateway would post to its runner (spec 4.2). The sealed
 * secrets that it also carries are not counted: they are not read for this.
 */
export function envelopeBytes(request: ExecuteRequest, install: ResolvedInstall): number {
  const { body, ...http } = request.http;
  const rest = {
    context: { ...request.context, config: install.config },
    http,
    providers: install.capabilities,
  };
  return Buffer.byteLength(JSON.stringify(rest)) + 4 * Math.ceil((body?.length ?? 0) / 3);
}
