export type Json = null | boolean | number | string | Json[] | { readonly [key: string]: Json };

/** `text` as JSON when it is an object or an array; a bare number or word reads better as text. */
export function parseJson(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** `{3 keys}`, `[12 items]`: what a folded node holds. */
export function summarize(value: Json): string {
  if (Array.isArray(value)) return value.length === 1 ? '1 item' : `${value.length} items`;
  if (typeof value === 'object' && value !== null) {
    const count = Object.keys(value).length;
    return count === 1 ? '1 key' : `${count} keys`;
  }
  return '';
}
