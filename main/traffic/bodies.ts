import type { RecordedMessage } from '../../contract/index.ts';
import type { Masker } from './mask.ts';
import type { MessageInput } from './types.ts';

/** Longest text kept of a header value, a detail, a note or an error; in UTF-16 units. */
export const MAX_TEXT = 16_384;

/** Headers and body as they are kept: masked and cut. */
export interface KeptMessage {
  readonly headers: RecordedMessage['headers'];
  readonly body?: { readonly kept: Uint8Array; readonly bytes: number; readonly contentType?: string };
  /** What it counts against the recorder's budget. */
  readonly cost: number;
}

/** Masks and cuts a message; without `keepBody` only the body's size is kept. */
export function keepMessage(
  input: MessageInput,
  masker: Masker,
  options: { maxBodyBytes: number; keepBody: boolean },
): KeptMessage {
  const headers = masker.headers(input.headers, MAX_TEXT);
  const headersCost = headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (!input.body) return { headers, cost: headersCost };
  const kept = options.keepBody ? masker.bytes(input.body, options.maxBodyBytes) : new Uint8Array();
  const contentType =
    input.contentType ?? headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value;
  const body = { kept, bytes: input.body.length, ...(contentType !== undefined && { contentType }) };
  return { headers, body, cost: headersCost + kept.length };
}

/** The form that crosses to the window. */
export function toRecordedMessage({ headers, body }: KeptMessage, maxBodyBytes: number): RecordedMessage {
  if (!body) return { headers };
  const { kept, bytes, contentType } = body;
  return {
    headers,
    body: {
      base64: Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength).toString('base64'),
      bytes,
      truncated: bytes > maxBodyBytes || (bytes > 0 && kept.length === 0),
      ...(contentType !== undefined && { contentType }),
    },
  };
}
