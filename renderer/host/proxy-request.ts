import { fromBase64 } from './base64.ts';
import { member } from './envelope.ts';
import { warning, type Warning } from './warnings.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** The HTTP request that an `apiproxy` message stands for. */
export interface ProxyRequest {
  /** Path and query below the host page's origin. */
  readonly url: string;
  readonly method: string;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** What is done with an `apiproxy` message. */
export type PreparedCall =
  /** Sent on. */
  | {
      readonly kind: 'fetch';
      readonly detail: string;
      readonly request: ProxyRequest;
      readonly warning?: Warning;
    }
  /** Answered with an error and not sent. */
  | { readonly kind: 'refuse'; readonly detail: string; readonly error: string; readonly warning: Warning }
  /** Never answered. */
  | { readonly kind: 'drop'; readonly detail: string; readonly warning: Warning };

/** What a browser says of text that is not base64 (spec ui-bridge 3.6.2); other engines word it differently. */
const NOT_BASE64 = "Failed to execute 'atob' on 'Window': The string to be decoded is not correctly encoded.";

/**
 * Builds the request of an `apiproxy` message exactly as the live bridge does (spec ui-bridge 3.6.1), but for a
 * route that leaves the extension's address (§10 item 1): its call is answered as an undeclared endpoint and
 * reaches nothing.
 *
 * @param origin the host page's own origin
 */
export function prepareCall(
  message: { requestId: unknown; payload: unknown },
  registryId: string,
  origin: string,
): PreparedCall {
  const method = methodOf(member(message.payload, 'method'));
  const route = routeOf(member(message.payload, 'route'));
  const detail = `${method} ${typeof route === 'string' ? withSlash(route) : typeof route}`;
  if (isNothing(message.requestId)) return { kind: 'drop', detail, warning: warning('bridge.no-request-id') };
  if (!METHODS.has(method)) return { kind: 'drop', detail, warning: warning('bridge.unsupported-method') };
  if (typeof route !== 'string')
    return refuse(detail, 'route.startsWith is not a function', 'bridge.route-not-text');
  const prefix = `/api/ext-proxy/${registryId}`;
  const url = prefix + withSlash(route);
  if (!staysBelow(url, prefix, origin))
    return refuse(detail, 'Proxy error 404: {"error":"endpoint_not_found"}', 'bridge.route-escapes');
  return withBody(detail, url, method, member(message.payload, 'body'));
}

function withBody(detail: string, url: string, method: string, body: unknown): PreparedCall {
  if (isNothing(body)) return { kind: 'fetch', detail, request: { url, method } };
  const bytes = decode(body);
  if (bytes === undefined) return refuse(detail, NOT_BASE64, 'bridge.body-not-base64');
  if (method === 'GET')
    return { kind: 'fetch', detail, request: { url, method }, warning: warning('bridge.get-body') };
  return { kind: 'fetch', detail, request: { url, method, body: bytes } };
}

function refuse(detail: string, error: string, code: Warning['code']): PreparedCall {
  return { kind: 'refuse', detail, error, warning: warning(code) };
}

/** Anything falsy is the empty route. */
function routeOf(route: unknown): unknown {
  return isNothing(route) ? '' : route;
}

function isNothing(value: unknown): boolean {
  return !value;
}

/** Absent, blank and not a string are POST. */
function methodOf(method: unknown): string {
  const name = typeof method === 'string' ? method.trim().toUpperCase() : '';
  return name === '' ? 'POST' : name;
}

function withSlash(route: string): string {
  return route.startsWith('/') ? route : `/${route}`;
}

/** Whether a URL is still below the prefix after the browser has normalised it (dots, encoded dots, backslashes). */
function staysBelow(url: string, prefix: string, origin: string): boolean {
  const target = new URL(url, origin);
  return target.origin === origin && target.pathname.startsWith(`${prefix}/`);
}

function decode(body: unknown): Uint8Array<ArrayBuffer> | undefined {
  try {
    return fromBase64(String(body));
  } catch {
    // Told to the extension as the platform tells it, see NOT_BASE64.
    return undefined;
  }
}
