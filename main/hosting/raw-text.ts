const CONTROL = /\p{Cc}/u;

/** Splits a raw request target at its first question mark; a fragment never arrives over HTTP. */
export function splitTarget(rawUrl: string): { path: string; query: string } {
  const mark = rawUrl.indexOf('?');
  return mark === -1
    ? { path: rawUrl, query: '' }
    : { path: rawUrl.slice(0, mark), query: rawUrl.slice(mark + 1) };
}

/** Percent-decodes UTF-8; undefined when the encoding is broken. */
export function percentDecode(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

/** True when the text holds a C0 or C1 control character. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text);
}
