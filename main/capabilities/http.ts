import { Agent, request as send, type Dispatcher } from 'undici';
import { z } from 'zod';
import { Header, type HostCall, type HostReply } from '../../contract/index.ts';
import { mayReach } from './egress.ts';
import type { HostContext } from './host-context.ts';
import { argumentsOf, err, guarded, ok, type HostInterface } from './host-interface.ts';
import { readBody, reasonOf } from './http-body.ts';
import { fromWireHeaders, toWireHeaders } from './http-headers.ts';

/** The whole exchange, from connecting to the last byte (spec 9.3). */
export const HTTP_TIMEOUT_MS = 30_000;

const METHOD = /^[!#$%&'*+.^_`|~\w-]+$/;

const Arguments = z.object({
  request: z.object({ method: z.string(), url: z.string(), headers: z.array(Header) }),
});
type FetchRequest = z.infer<typeof Arguments>['request'];

/** `alga:extension/http` and the connections it keeps. */
export interface HttpCapability {
  readonly functions: HostInterface;
  /** Breaks off what is under way and closes every connection. */
  close(): Promise<void>;
}

/**
 * `alga:extension/http` (spec 3.4, 3.5, 4.9, 9.3). Checked in this order: grant (`not-allowed`), URL (`invalid-url`),
 * egress allowlist (`not-allowed`), method (`invalid-url`); a failure to send, an illegal header included, is `transport`,
 * one while the body is read `internal`. Redirects are handed to the guest, not followed.
 */
export function createHttp({ timeoutMs = HTTP_TIMEOUT_MS }: { timeoutMs?: number } = {}): HttpCapability {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: timeoutMs } });
  const fetch = guarded('cap:http.fetch', 'not-allowed', (context, call) => {
    const { request } = argumentsOf(Arguments, call);
    return refusal(context, request) ?? exchange(agent, timeoutMs, context, request, call);
  });
  return { functions: { fetch }, close: () => agent.destroy() };
}

function refusal({ egress }: HostContext, { url, method }: FetchRequest): HostReply | undefined {
  if (!URL.canParse(url)) return err('invalid-url', 'The URL cannot be parsed; it must be absolute.');
  const { hostname, protocol } = new URL(url);
  if (!mayReach(egress, hostname)) return err('not-allowed', `${hostname} is not on the egress allowlist.`);
  if (!METHOD.test(method)) return err('invalid-url', 'The method is not an HTTP token.');
  if (protocol !== 'http:' && protocol !== 'https:')
    return err('transport', `Cannot send to a ${protocol} URL.`);
  return undefined;
}

async function exchange(
  agent: Dispatcher,
  timeoutMs: number,
  context: HostContext,
  { method, url, headers }: FetchRequest,
  { bytes }: HostCall,
): Promise<HostReply> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = context.signal ? AbortSignal.any([timeout, context.signal]) : timeout;
  let response: Dispatcher.ResponseData;
  try {
    response = await send(url, {
      dispatcher: agent,
      method,
      headers: toWireHeaders(headers),
      body: bytes ?? null,
      signal,
      responseHeaders: 'raw',
    });
  } catch (error) {
    return err('transport', reasonOf(error));
  }
  try {
    const body = await readBody(response.body);
    return ok({ status: response.statusCode, headers: fromWireHeaders(response.headers) }, body);
  } catch (error) {
    return err('internal', reasonOf(error));
  }
}
