export interface HtmlAttribute {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  readonly start: number;
  /** Range of the value without its quotes; empty for an attribute without value. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface HtmlTag {
  /** Lower case. */
  readonly name: string;
  readonly start: number;
  /** Offset after `>`. */
  readonly end: number;
  readonly attributes: readonly HtmlAttribute[];
  /** For `script` and `style`: the text up to the closing tag. */
  readonly content?: { readonly start: number; readonly end: number };
}

const RAW_TEXT: readonly string[] = ['script', 'style', 'textarea', 'title'];

/** Opening tags of an HTML text in order, comments and raw text passed over. Never fails: HTML has no wrong text. */
export function scanHtml(html: string): HtmlTag[] {
  const tags: HtmlTag[] = [];
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at)) {
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 4);
      at = end === -1 ? html.length : end + 3;
      continue;
    }
    const name = /^<([a-zA-Z][^\s/>]*)/.exec(html.slice(at, at + 64))?.[1];
    if (name === undefined) {
      at += 1;
      continue;
    }
    const { attributes, end } = scanAttributes(html, at + 1 + name.length);
    const lower = name.toLowerCase();
    const contentEnd = RAW_TEXT.includes(lower) ? rawTextEnd(html, end, lower) : undefined;
    tags.push({
      name: lower,
      start: at,
      end,
      attributes,
      ...(contentEnd !== undefined && { content: { start: end, end: contentEnd } }),
    });
    at = contentEnd ?? end;
  }
  return tags;
}

function rawTextEnd(html: string, from: number, name: string): number {
  const closing = new RegExp(`</${name}[\\s/>]`, 'gi');
  closing.lastIndex = from;
  return closing.exec(html)?.index ?? html.length;
}

function scanAttributes(html: string, from: number): { attributes: HtmlAttribute[]; end: number } {
  const attributes: HtmlAttribute[] = [];
  const pattern = /[\s/]*(?:(>)|([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?)/gy;
  pattern.lastIndex = from;
  for (let match = pattern.exec(html); match !== null; match = pattern.exec(html)) {
    if (match[1] !== undefined) return { attributes, end: pattern.lastIndex };
    const name = match[2] ?? '';
    const value = match[3] ?? match[4] ?? match[5] ?? '';
    const quoted = match[3] !== undefined || match[4] !== undefined;
    const valueEnd = pattern.lastIndex - (quoted ? 1 : 0);
    attributes.push({
      name: name.toLowerCase(),
      value,
      start: match.index + match[0].indexOf(name),
      valueStart: valueEnd - value.length,
      valueEnd,
    });
  }
  return { attributes, end: html.length };
}

export function attributeOf(tag: HtmlTag, name: string): HtmlAttribute | undefined {
  return tag.attributes.find(attribute => attribute.name === name);
}
