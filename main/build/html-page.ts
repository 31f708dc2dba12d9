import { placeAt } from '../../contract/index.ts';

/** A script or style sheet that a page loads from its own files. */
export interface PageReference {
  readonly kind: 'module' | 'script' | 'style';
  /** As written, without query and fragment. */
  readonly url: string;
  /** Offsets of the whole opening tag, and of the address within the text. */
  readonly tag: { readonly start: number; readonly end: number };
  readonly address: { readonly start: number; readonly end: number };
}

const TAG = /<!--[\s\S]*?-->|<(script|link)\b((?:"[^"]*"|'[^']*'|[^>"'])*)>/gi;
const ATTRIBUTE = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** The scripts and style sheets of a page, in order; addresses on other servers and data URLs are left out. */
export function pageReferences(html: string): PageReference[] {
  const found: PageReference[] = [];
  for (const match of html.matchAll(TAG)) {
    const [whole, name, attributes = ''] = match;
    if (name === undefined) continue;
    const reference = readTag(name.toLowerCase(), attributes, match.index + 1 + name.length);
    if (reference) found.push({ ...reference, tag: { start: match.index, end: match.index + whole.length } });
  }
  return found;
}

/** The page with some addresses replaced (by the offset of the old one) and tags put in at the end of its head. */
export function rewritePage(
  html: string,
  replacements: ReadonlyMap<PageReference, string>,
  headTags: readonly string[],
): string {
  const edits = [...replacements].map(([{ address }, text]) => ({ ...address, text }));
  if (headTags.length > 0) {
    const head = html.search(/<\/head\s*>/i);
    const at = head === -1 ? 0 : head;
    edits.push({ start: at, end: at, text: headTags.join('') });
  }
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), html);
}

/** Line and column of a reference's address. */
export function placeOfReference(html: string, reference: PageReference): { line: number; column: number } {
  return placeAt(html, reference.address.start);
}

function readTag(name: string, attributes: string, offset: number): Omit<PageReference, 'tag'> | undefined {
  const values = readAttributes(attributes, offset);
  const address = values.get(name === 'script' ? 'src' : 'href');
  if (!address || !isLocal(address.value)) return undefined;
  const kind = kindOf(name, values.get('type')?.value, values.get('rel')?.value);
  if (!kind) return undefined;
  const url = address.value.replace(/[?#].*$/, '');
  return { kind, url, address: { start: address.start, end: address.start + address.value.length } };
}

function kindOf(name: string, type = '', rel = ''): PageReference['kind'] | undefined {
  if (name === 'script') return type.toLowerCase() === 'module' ? 'module' : 'script';
  return rel.toLowerCase().split(/\s+/).includes('stylesheet') ? 'style' : undefined;
}

function readAttributes(text: string, offset: number): Map<string, { value: string; start: number }> {
  const values = new Map<string, { value: string; start: number }>();
  for (const match of text.matchAll(ATTRIBUTE)) {
    const [whole, name = '', double, single, bare] = match;
    const value = double ?? single ?? bare ?? '';
    const quoted = bare === undefined && value !== '';
    const start = offset + match.index + whole.length - value.length - (quoted ? 1 : 0);
    if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), { value, start });
  }
  return values;
}

function isLocal(url: string): boolean {
  return url !== '' && !url.startsWith('//') && !url.startsWith('#') && !/^[a-z][a-z0-9+.-]*:/i.test(url);
}
