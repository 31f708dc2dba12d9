import { toBase64 } from './base64.ts';
import type { ProxyRequest } from './proxy-request.ts';
import { warning, type Warning } from './warnings.ts';

/** Payload of an `apiproxy_response` (spec ui-bridge 3.6.2). */
export type ReplyPayload = { readonly body: string } | { readonly error: string };

/** What came of a proxied call. */
export interface ProxyReply {
  readonly payload: ReplyPayload;
  /** HTTP status, or `failed` when there was no answer. */
  readonly status: string;
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  readonly warning?: Warning;
}

/**
 * Sends the request of an `apiproxy` message and builds its answer as the live bridge does: base64 of a 2xx body,
 * one string for everything else. No timeout and no abort, as there. Never rejects.
 *
 * @param traceId joins the call with its message in traffic; the gateway keeps it from the handler
 */
export async function callGateway(
  request: ProxyRequest,
  traceId: string,
  send: typeof fetch,
): Promise<ProxyReply> {
  try {
    const response = await send(request.url, {
      method: request.method,
      headers: {
        'x-xwb-trace': traceId,
        ...(request.body && { 'content-type': 'application/octet-stream' }),
      },
      ...(request.body && { body: request.body }),
    });
    return await readReply(response);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { payload: { error: message }, status: 'failed', bytes: new Uint8Array() };
  }
}

async function readReply(response: Response): Promise<ProxyReply> {
  const bytes = await bodyOf(response);
  const type = response.headers.get('content-type');
  const facts = { status: String(response.status), bytes, ...(type !== null && { contentType: type }) };
  if (!response.ok) {
    const text = new TextDecoder().decode(bytes);
    return { ...facts, payload: { error: `Proxy error ${response.status}: ${text}` } };
  }
  const corrupt = type?.includes(',') === true && bytes.length > 0;
  return {
    ...facts,
    payload: { body: bytes.length === 0 ? '' : afterFirstComma(type ?? '', toBase64(bytes)) },
    ...(corrupt && { warning: warning('bridge.comma-in-type') }),
  };
}

/** The whole body; one that breaks off fails the call, unless it has failed already: then its status text stands in. */
async function bodyOf(response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (response.ok) throw error;
    return new TextEncoder().encode(response.statusText);
  }
}

/** The live bridge encodes through a data URL and keeps what follows its first comma (§10 item 47). */
function afterFirstComma(type: string, base64: string): string {
  const dataUrl = `data:${type};base64,${base64}`;
  return dataUrl.slice(dataUrl.indexOf(',') + 1);
}
