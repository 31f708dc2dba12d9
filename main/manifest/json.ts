import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { placeAt, type SourcePlace } from '../../contract/index.ts';

export type JsonPath = readonly (string | number)[];

/** A JSON text that parsed, with the place of every node in it. */
export interface JsonDocument {
  readonly value: unknown;
  /**
   * Where a value stands (1-based). A path that leads nowhere gives the deepest node on the way to it.
   * With `part: 'key'` the place of the property's name.
   */
  placeOf(path: JsonPath, part?: 'key' | 'value'): SourcePlace;
  /** Names given twice in one object: `JSON.parse`, and so the platform, keeps the last one. */
  readonly duplicateKeys: readonly { key: string; place: SourcePlace }[];
}

export type JsonResult =
  | { readonly ok: true; readonly document: JsonDocument }
  | { readonly ok: false; readonly message: string; readonly place: SourcePlace };

const MESSAGES: Readonly<Record<string, string>> = {
  InvalidSymbol: 'This word is not JSON',
  InvalidNumberFormat: 'This is not a JSON number',
  PropertyNameExpected: 'A property name in double quotes is expected here (JSON allows no trailing comma)',
  ValueExpected: 'A value is expected here (JSON allows no trailing comma)',
  ColonExpected: 'A colon is expected here',
  CommaExpected: 'A comma is expected here',
  CloseBraceExpected: 'A closing brace } is missing',
  CloseBracketExpected: 'A closing bracket ] is missing',
  EndOfFileExpected: 'Nothing may follow the end of the JSON value',
  InvalidCommentToken: 'JSON allows no comments',
  UnexpectedEndOfComment: 'JSON allows no comments',
  UnexpectedEndOfString: 'This string is not closed',
  UnexpectedEndOfNumber: 'This number is not complete',
  InvalidUnicode: 'This is not a valid \\u escape',
  InvalidEscapeCharacter: 'This is not a valid escape in a JSON string',
  InvalidCharacter: 'A JSON string may not hold this character unescaped',
};

/**
 * Parses strict JSON as `JSON.parse` does, which has the last word, and keeps the place of each node.
 *
 * @param text the file's content
 * @returns the document, or one message (a sentence without its end) and the place of the first error
 */
export function parseJson(text: string): JsonResult {
  const errors: ParseError[] = [];
  const root = parsePlaces(text, errors);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, ...describeFailure(text, errors[0], error) };
  }
  return { ok: true, document: new Tree(text, value, root) };
}

/** The tree only serves to show places: a text nested too deep for it has none. */
function parsePlaces(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function describeFailure(text: string, first: ParseError | undefined, error: unknown) {
  if (text.startsWith('\uFEFF')) {
    return {
      message: 'The file starts with a byte order mark, which JSON does not allow',
      place: placeAt(text, 0),
    };
  }
  if (text.trim() === '') return { message: 'The file is empty', place: placeAt(text, 0) };
  if (first === undefined) {
    return { message: error instanceof Error ? error.message : String(error), place: placeAt(text, 0) };
  }
  const name = printParseErrorCode(first.error);
  return { message: MESSAGES[name] ?? name, place: placeAt(text, first.offset) };
}

class Tree implements JsonDocument {
  readonly value: unknown;
  readonly duplicateKeys: readonly { key: string; place: SourcePlace }[];
  readonly #text: string;
  readonly #root: Node | undefined;

  constructor(text: string, value: unknown, root: Node | undefined) {
    this.#text = text;
    this.#root = root;
    this.value = value;
    this.duplicateKeys = root === undefined ? [] : findDuplicates(text, root);
  }

  placeOf(path: JsonPath, part: 'key' | 'value' = 'value'): SourcePlace {
    let offset = this.#root?.offset ?? 0;
    let node = this.#root;
    for (const [depth, segment] of path.entries()) {
      const property = typeof segment === 'string' ? lastProperty(node, segment) : undefined;
      const next = typeof segment === 'string' ? property?.children?.[1] : node?.children?.[segment];
      if (next === undefined) break;
      const wantsKey = part === 'key' && depth === path.length - 1;
      offset = wantsKey && property !== undefined ? property.offset : next.offset;
      node = next;
    }
    return placeAt(this.#text, offset);
  }
}

function keyOf(property: Node): string | undefined {
  const value: unknown = property.children?.[0]?.value;
  return typeof value === 'string' ? value : undefined;
}

function lastProperty(node: Node | undefined, key: string): Node | undefined {
  return node?.type === 'object' ? node.children?.findLast(child => keyOf(child) === key) : undefined;
}

function findDuplicates(text: string, root: Node): { key: string; place: SourcePlace }[] {
  const found: { key: string; place: SourcePlace }[] = [];
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const seen = new Set<string>();
    for (const child of node.children ?? []) {
      pending.push(child);
      const key = node.type === 'object' ? keyOf(child) : undefined;
      if (key === undefined) continue;
      if (seen.has(key)) found.push({ key, place: placeAt(text, child.offset) });
      seen.add(key);
    }
  }
  return found;
}
