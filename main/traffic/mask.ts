import type { Header } from '../../contract/index.ts';
import { variantsOf, type SecretVariant } from './secret-variants.ts';
import { isSensitiveName, sensitiveSpans } from './sensitive-headers.ts';
import { mergeSpans, replaceSpans, type Span } from './spans.ts';

/** What stands in the place of a secret. */
export const MASK = '•••';

/** Takes secrets out of everything that is recorded. */
export interface Masker {
  /** Text without secrets, cut after `limit` characters of the source. */
  text(text: string, limit: number): string;
  /** A copy of the first `limit` bytes without secrets. */
  bytes(bytes: Uint8Array, limit: number): Uint8Array;
  /** Headers with sensitive ones emptied of their value. */
  headers(headers: readonly Header[], limit: number): Header[];
}

const WORD = /\w/;
const BASE64 = /[A-Za-z0-9+/_-]/;
/** Room after the limit in which a secret that begins before it is still found whole. */
const MARGIN = 256;

/** Texts of up to this length are remembered once they were found to hold nothing to mask, and are kept once… */
const MEMORABLE_LENGTH = 256;
/** …up to so many; header names, paths and notes are the same from call to call. */
const MEMORY = 2000;

/** A masker for these secret values, in every form of `variantsOf`, and for sensitive headers and fields (`sensitiveSpans`). */
export function createMasker(secrets: readonly string[]): Masker {
  const variants = secrets.flatMap(variantsOf);
  // Bytes are searched as Latin-1 text, in which UTF-8 keeps its bytes.
  const byteVariants = variants.map(variant => ({ ...variant, text: latin1Of(variant.text) }));
  const longest = Math.max(0, ...byteVariants.map(({ text }) => text.length));
  const byteMask = latin1Of(MASK);

  const harmless = new Map<string, string>();

  function maskText(text: string, limit: number): string {
    if (text.length > Math.min(limit, MEMORABLE_LENGTH)) return maskAnew(text, limit);
    const known = harmless.get(text);
    if (known !== undefined) return known;
    const masked = maskAnew(text, limit);
    if (masked === text) {
      if (harmless.size >= MEMORY) harmless.clear();
      harmless.set(text, text);
    }
    return masked;
  }
  function maskAnew(text: string, limit: number): string {
    const source = text.slice(0, limit + longest + MARGIN);
    const masked = replaceSpans(source, spansIn(source, variants), MASK, limit);
    return text.length > limit ? `${masked}…` : masked;
  }
  return {
    text: maskText,
    bytes(bytes, limit) {
      const head = bytes.subarray(0, limit + longest + MARGIN);
      const source = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
      const spans = spansIn(source, byteVariants);
      if (spans.length === 0) return new Uint8Array(head.subarray(0, limit));
      return new Uint8Array(Buffer.from(replaceSpans(source, spans, byteMask, limit), 'latin1'));
    },
    headers: (headers, limit) =>
      headers.map(({ name, value }) => ({
        name: maskText(name, limit),
        value: isSensitiveName(name) ? MASK : maskText(value, limit),
      })),
  };
}

/** Gives the masker for the values of now, compiled anew only when they changed. */
export function maskerFor(values: () => readonly string[]): () => Masker {
  let known: readonly string[] = [];
  let masker = createMasker(known);
  return () => {
    const current = values();
    if (!sameTexts(known, current)) {
      known = [...current];
      masker = createMasker(known);
    }
    return masker;
  };
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function spansIn(text: string, variants: readonly SecretVariant[]): Span[] {
  return mergeSpans([...variants.flatMap(variant => occurrences(text, variant)), ...sensitiveSpans(text)]);
}

function occurrences(text: string, variant: SecretVariant): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(variant.text); at !== -1; at = text.indexOf(variant.text, at + 1)) {
    const span = spanAt(text, at, variant);
    const last = spans.at(-1);
    if (last && span && span.start <= last.end)
      spans[spans.length - 1] = { start: last.start, end: span.end };
    else if (span) spans.push(span);
  }
  return spans;
}

function spanAt(
  text: string,
  at: number,
  { text: { length }, before, after, alone }: SecretVariant,
): Span | undefined {
  const end = at + length;
  if (alone && !standsAlone(text, at, end)) return undefined;
  return {
    start: before > 0 && BASE64.test(text.charAt(at - 1)) ? at - before : at,
    end: after > 0 && BASE64.test(text.charAt(end)) ? end + after : end,
  };
}

function standsAlone(text: string, start: number, end: number): boolean {
  return !WORD.test(text.charAt(start - 1)) && !WORD.test(text.charAt(end));
}

function latin1Of(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
