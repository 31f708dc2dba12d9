/** A stretch of a text: from `start` up to but not including `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Sorts spans and joins those that overlap or touch. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start <= last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

/**
 * `text` up to the source position `limit`, each of the merged spans replaced by `replacement`; a span that begins
 * before the limit is replaced whole, so that cutting never leaves part of one.
 */
export function replaceSpans(
  text: string,
  spans: readonly Span[],
  replacement: string,
  limit = text.length,
): string {
  let result = '';
  let position = 0;
  for (const { start, end } of spans) {
    if (start >= limit) break;
    result += text.slice(position, start) + replacement;
    position = end;
  }
  return position < limit ? result + text.slice(position, limit) : result;
}
