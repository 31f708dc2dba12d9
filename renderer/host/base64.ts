/** Characters that a call may take as arguments without hitting an engine's limit. */
const CHUNK = 0x8000;

/** Standard base64 of bytes. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

/** Bytes of base64 as `atob` reads it, whitespace and missing padding included; throws what it throws. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  return Uint8Array.from(binary, character => character.charCodeAt(0));
}
