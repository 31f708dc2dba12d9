import { z } from 'zod';
import type { Header } from '../../contract/index.ts';

/** The connection's own business: the HTTP client frames the message and keeps the connection itself. */
const FRAMING = new Set(['transfer-encoding', 'keep-alive']);

/** What the platform can hand to a guest: printable ASCII and tabs. */
const READABLE = /^[\t\x20-\x7e]*$/;

const RawHeaders = z.array(z.string());

/**
 * A guest's headers as the HTTP client takes them, name and value in turn, duplicates kept (spec 9.3). A value goes out
 * as its UTF-8 bytes, which is what a string of as many Latin-1 characters stands for on the wire.
 */
export function toWireHeaders(headers: readonly Header[]): string[] {
  return headers
    .filter(({ name }) => !FRAMING.has(name.toLowerCase()))
    .flatMap(({ name, value }) => [name, Buffer.from(value, 'utf8').toString('latin1')]);
}

/**
 * Raw response headers (name and value in turn) as the guest sees them: names in lower case, duplicates kept, values
 * that are not ASCII become empty (spec 3.5).
 */
export function fromWireHeaders(raw: unknown): Header[] {
  const parts = RawHeaders.parse(raw);
  const headers: Header[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const value = parts[index + 1] ?? '';
    headers.push({ name: (parts[index] ?? '').toLowerCase(), value: READABLE.test(value) ? value : '' });
  }
  return headers;
}
