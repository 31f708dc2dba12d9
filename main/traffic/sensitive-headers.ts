import type { Span } from './spans.ts';

/** Headers whose value is a credential. */
const CREDENTIAL_HEADERS = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
]);
const TELLING_PART = /token|secret/i;

const KEYWORD = /authorization|cookie|x-api-key|token|secret/gi;
const NAME_CHARACTER = /[\w-]/;
/** Longer runs of name characters are data, not names; also keeps the search linear. */
const MAX_NAME = 64;

/** True for a header (or field) whose value must never be recorded: credentials, and `*token*` and `*secret*`. */
export function isSensitiveName(name: string): boolean {
  return CREDENTIAL_HEADERS.has(name.toLowerCase()) || TELLING_PART.test(name);
}

/**
 * The values of sensitive headers and fields written inside a text: JSON members (`"x-api-key": "…"`), name-value pairs
 * (`{"name":"cookie","value":"…"}`, `["cookie","…"]`), JSON inside JSON strings, `access_token=…` and header lines.
 */
export function sensitiveSpans(text: string): Span[] {
  const spans: Span[] = [];
  const endOfLine = /^\s*[[{"]/.test(text) ? /[\r\n"\\]/g : /[\r\n]/g;
  let done = 0;
  for (const { index } of text.matchAll(KEYWORD)) {
    if (index < done) continue;
    const name = nameAround(text, index);
    if (!name || !isSensitiveName(text.slice(name.start, name.end))) continue;
    const { values, seenTo } = valuesAfter(text, name, endOfLine);
    spans.push(...values);
    done = seenTo;
  }
  return spans;
}

/** What belongs to a name, and how far the text needs no further look. */
interface Found {
  readonly values: readonly Span[];
  readonly seenTo: number;
}

const NOTHING: Found = { values: [], seenTo: 0 };

function found(value: Span | undefined): Found {
  return value ? { values: [value], seenTo: value.end } : NOTHING;
}

function nameAround(text: string, index: number): Span | undefined {
  let start = index;
  while (start > 0 && index - start <= MAX_NAME && NAME_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  let end = index;
  while (end < text.length && end - index <= MAX_NAME && NAME_CHARACTER.test(text.charAt(end))) end += 1;
  return end - start > MAX_NAME ? undefined : { start, end };
}

function valuesAfter(text: string, name: Span, endOfLine: RegExp): Found {
  const quote = quoteBefore(text, name.start);
  if (quote !== undefined && text.startsWith(quote, name.end)) return jsonValues(text, name, quote);
  return found(plainValue(text, name, endOfLine));
}

/** The quote that opens a JSON string right before `position`: `"`, or `\"` and longer inside JSON strings. */
function quoteBefore(text: string, position: number): string | undefined {
  if (text.charAt(position - 1) !== '"') return undefined;
  let start = position - 1;
  while (start > 0 && text.charAt(start - 1) === '\\') start -= 1;
  return text.slice(start, position);
}

function jsonValues(text: string, name: Span, quote: string): Found {
  const next = skipSpace(text, name.end + quote.length);
  const at = skipSpace(text, next + 1);
  const nameText = text.slice(name.start, name.end).toLowerCase();
  const value = stringAt(text, at, quote);
  if (text.charAt(next) === ':') {
    const whole = CREDENTIAL_HEADERS.has(nameText) || nameText.includes('secret');
    return whole && /[[{]/.test(text.charAt(at)) ? stringsIn(text, at, quote) : found(value);
  }
  if (text.charAt(next) !== ',' || !value) return NOTHING;
  if (text.slice(value.start, value.end) === 'value') {
    const colon = skipSpace(text, value.end + quote.length);
    return text.charAt(colon) === ':' ? found(stringAt(text, skipSpace(text, colon + 1), quote)) : NOTHING;
  }
  return CREDENTIAL_HEADERS.has(nameText) ? found(value) : NOTHING;
}

/** The content of the JSON string that begins at `position`; to the end of the text when it never closes. */
function stringAt(text: string, position: number, quote: string): Span | undefined {
  if (!text.startsWith(quote, position)) return undefined;
  const start = position + quote.length;
  const escapes = quote.length - 1;
  let mark = text.indexOf('"', start);
  while (mark !== -1) {
    let backslashes = 0;
    while (mark - backslashes > start && text.charAt(mark - backslashes - 1) === '\\') backslashes += 1;
    // One level down each quote and each backslash of the content is escaped anew.
    if (backslashes % (2 * (escapes + 1)) === escapes) return { start, end: mark - escapes };
    mark = text.indexOf('"', mark + 1);
  }
  return { start, end: text.length };
}

/** Every string inside the array or object at `position` that is not a member's name. */
function stringsIn(text: string, position: number, quote: string): Found {
  const values: Span[] = [];
  let depth = 0;
  let at = position;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '[' || char === '{') depth += 1;
    if (char === ']' || char === '}') depth -= 1;
    if (depth === 0) break;
    const content = stringAt(text, at, quote);
    if (!content) continue;
    at = content.end + quote.length - 1;
    if (text.charAt(skipSpace(text, at + 1)) !== ':') values.push(content);
  }
  return { values, seenTo: at };
}

/** `name=value` of queries and forms, and `name: value` of header lines; `endOfLine` is a quote, too, inside JSON. */
function plainValue(text: string, name: Span, endOfLine: RegExp): Span | undefined {
  const mark = skipBlanks(text, name.end);
  const start = skipBlanks(text, mark + 1);
  if (text.charAt(mark) === '=' && text.charAt(mark + 1) !== '=') {
    return runUntil(text, start, /[\s&;,"'<>\\]/g);
  }
  if (text.charAt(mark) !== ':') return undefined;
  const nameText = text.slice(name.start, name.end).toLowerCase();
  const isLine = name.start === 0 || text.charAt(name.start - 1) === '\n';
  if (!isLine && !CREDENTIAL_HEADERS.has(nameText)) return undefined;
  return runUntil(text, start, endOfLine);
}

function runUntil(text: string, start: number, stop: RegExp): Span | undefined {
  stop.lastIndex = start;
  const end = stop.exec(text)?.index ?? text.length;
  return end > start ? { start, end } : undefined;
}

function skipSpace(text: string, position: number): number {
  let at = position;
  while (' \t\r\n'.includes(text.charAt(at)) && at < text.length) at += 1;
  return at;
}

function skipBlanks(text: string, position: number): number {
  let at = position;
  while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at += 1;
  return at;
}
