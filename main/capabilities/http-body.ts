/** Not on the platform, which has no cap: more than a guest's whole memory can be of no use to it. */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/** A response body as bytes; rejects with what breaks the stream, and for more than a guest could hold. */
export async function readBody(stream: AsyncIterable<unknown>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The response body is not made of bytes.');
    size += chunk.length;
    if (size > MAX_RESPONSE_BYTES)
      throw new RangeError(`The response is larger than ${MAX_RESPONSE_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Why a request failed, in a line for the author. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
