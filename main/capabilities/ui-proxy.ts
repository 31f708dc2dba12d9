import { Agent, fetch, type Response } from 'undici';
import { z } from 'zod';
import { WorkbenchError, type HostCall, type HostReply } from '../../contract/index.ts';
import type { HostContext } from './host-context.ts';
import { argumentsOf, err, guarded, ok, type HostInterface } from './host-interface.ts';
import { readBody, reasonOf } from './http-body.ts';
import { targetOf } from './ui-proxy-target.ts';

/** The whole exchange, redirects included (spec 9.4). */
export const UI_PROXY_TIMEOUT_MS = 5_000;

/** The platform to call: the runner's `UI_PROXY_BASE_URL` and `UI_PROXY_TIMEOUT_MS` (spec 4.10). */
export interface UiProxyOptions {
  readonly baseUrl: string;
  readonly timeoutMs?: number;
}

const Arguments = z.object({ route: z.string() });

/** The install secret that is sent as `x-api-key`. */
const API_KEY_SECRET = 'api_key';

const NO_BASE = 'There is no platform behind the workbench to call.';

/** The case a guest gets for each status outside 2xx; other 4xx are `bad-request`, the rest `internal`. */
const CASES: Readonly<Record<number, string>> = {
  401: 'denied',
  403: 'denied',
  404: 'route-not-found',
  429: 'denied',
};

/** `alga:extension/ui-proxy` and the connections it keeps. */
export interface UiProxyCapability {
  readonly functions: HostInterface;
  /** Breaks off what is under way and closes every connection. */
  close(): Promise<void>;
}

/**
 * `alga:extension/ui-proxy` (spec 3.4, 9.4). Without `options` every granted call is `route-not-found`, as on a runner that
 * has no base. Throws `capabilities.bad-ui-proxy-base` for a base that is no http or https URL.
 */
export function createUiProxy(options?: UiProxyOptions): UiProxyCapability {
  if (!options) {
    const functions = {
      'call-route': guarded('cap:ui.proxy', 'denied', () => err('route-not-found', NO_BASE)),
    };
    return { functions, close: () => Promise.resolve() };
  }
  const base = baseOf(options.baseUrl);
  const timeoutMs = options.timeoutMs ?? UI_PROXY_TIMEOUT_MS;
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: timeoutMs } });
  const callRoute = guarded('cap:ui.proxy', 'denied', (context, call) => {
    const { route } = argumentsOf(Arguments, call);
    const target = targetOf(base, context.extensionId, route);
    if (target === 'bad-request')
      return err('bad-request', 'A route is not empty and has no . or .. segment.');
    if (context.tenantId === '' || context.extensionId === '') {
      return err('internal', 'The run has no tenant or no extension.');
    }
    return exchange({ agent, timeoutMs, target }, context, call);
  });
  return { functions: { 'call-route': callRoute }, close: () => agent.destroy() };
}

function baseOf(baseUrl: string): URL {
  const base = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (base?.protocol === 'http:' || base?.protocol === 'https:') return base;
  throw new WorkbenchError('capabilities.bad-ui-proxy-base', { details: { baseUrl } });
}

async function exchange(
  way: { agent: Agent; timeoutMs: number; target: URL },
  context: HostContext,
  { bytes }: HostCall,
): Promise<HostReply> {
  // Outside the try: secrets that cannot be opened end the call instead of looking like a failing platform.
  const headers = headersOf(context, bytes !== undefined);
  const timeout = AbortSignal.timeout(way.timeoutMs);
  try {
    const response = await fetch(way.target, {
      dispatcher: way.agent,
      method: bytes ? 'POST' : 'GET',
      headers,
      body: bytes ?? null,
      redirect: 'follow',
      signal: context.signal ? AbortSignal.any([timeout, context.signal]) : timeout,
    });
    return await answerOf(response);
  } catch (error) {
    return err('internal', reasonOf(error));
  }
}

async function answerOf(response: Response): Promise<HostReply> {
  if (response.ok) return ok(null, response.body ? await readBody(response.body) : new Uint8Array());
  await response.body?.cancel();
  const other = response.status >= 400 && response.status < 500 ? 'bad-request' : 'internal';
  return err(CASES[response.status] ?? other, `The platform answered with HTTP ${response.status}.`);
}

function headersOf(context: HostContext, hasPayload: boolean): Record<string, string> {
  const secrets = context.secrets();
  const apiKey = Object.hasOwn(secrets, API_KEY_SECRET) ? secrets[API_KEY_SECRET] : undefined;
  return {
    'x-request-id': context.requestId,
    'x-alga-tenant': context.tenantId,
    'x-alga-extension': context.extensionId,
    ...(context.installId !== undefined && { 'x-ext-install-id': context.installId }),
    ...(context.versionId !== undefined && { 'x-ext-version-id': context.versionId }),
    ...(context.user && { 'x-user-id': context.user.userId, 'x-user-email': context.user.email }),
    ...(apiKey !== undefined && { 'x-api-key': apiKey }),
    ...(hasPayload && { 'content-type': 'application/json' }),
  };
}
