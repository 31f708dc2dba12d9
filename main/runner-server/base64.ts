/** Bytes of standard base64 with its padding; undefined for anything else (spec 4.2, `http.body_b64`). */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node passes over what it does not know; only the canonical form comes back the same.
  return bytes.toString('base64') === text ? bytes : undefined;
}
