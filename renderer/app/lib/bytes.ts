/** `312 B`, `4.1 kB`, `12.3 MB` (decimal units). */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The bytes of a base64 text. */
export function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
}

/** The bytes as text when they are valid UTF-8 without control characters, else undefined. */
export function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return hasControls(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Control characters other than white space say that these are not words. */
function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 9 || (code > 13 && code < 32)) return true;
  }
  return false;
}

/** Cuts text whose last character was broken by the recorder's limit. */
export function asCutText(bytes: Uint8Array): string | undefined {
  for (let lost = 0; lost < 4; lost += 1) {
    const text = asText(bytes.subarray(0, bytes.length - lost));
    if (text !== undefined) return text;
  }
  return undefined;
}

export interface HexRow {
  /** `00000010`. */
  readonly offset: string;
  /** Two-digit numbers in groups of eight, padded with spaces to a full row. */
  readonly hex: string;
  /** Printable ASCII, `·` for the rest. */
  readonly text: string;
}

/** Row `index` of a hex view of `perRow` bytes a row, a multiple of eight. */
export function hexRow(bytes: Uint8Array, index: number, perRow: number): HexRow {
  const start = index * perRow;
  const slice = [...bytes.subarray(start, start + perRow)];
  const pairs = slice.map(byte => byte.toString(16).padStart(2, '0'));
  const groups = Array.from({ length: perRow / 8 }, (_, group) =>
    pairs
      .slice(group * 8, group * 8 + 8)
      .join(' ')
      .padEnd(23),
  );
  const hex = groups.join('  ');
  const text = slice.map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
  return { offset: start.toString(16).padStart(8, '0'), hex, text };
}
