/** What every record written by a guest carries as metadata (spec 3.5); 27 bytes as JSON. */
export const GUEST_METADATA = { encoding: 'base64-bytes' } as const;

/** Standard base64 with its padding, as the platform decodes it. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A guest's bytes as the JSON value that is stored. */
export function fromGuestBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * A stored value as bytes for a guest, in the runner's order of trying (spec 3.5): metadata says base64; an object with
 * `_bytes_b64`; text that is base64; other text as UTF-8; any other JSON as its own text.
 */
export function toGuestBytes(value: unknown, metadata: unknown): Uint8Array {
  if (memberOf(metadata, 'encoding') === GUEST_METADATA.encoding) {
    const bytes = decodeBase64(value);
    if (bytes) return bytes;
  }
  const wrapped = decodeBase64(memberOf(value, '_bytes_b64'));
  if (wrapped) return wrapped;
  if (typeof value === 'string') return decodeBase64(value) ?? Buffer.from(value, 'utf8');
  return Buffer.from(JSON.stringify(value), 'utf8');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function decodeBase64(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' && BASE64.test(value) ? Buffer.from(value, 'base64') : undefined;
}
