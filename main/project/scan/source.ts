/** A source text whose comments, or comments and literals, are blanked; offsets and line ends stay. */
export interface MaskedSource {
  readonly text: string;
  /** Without comments. */
  readonly noComments: string;
  /** Without comments and without what stands in strings and templates; the quotes stay. */
  readonly code: string;
}

/**
 * Blanks what is not code in JavaScript, TypeScript or CSS-like text. It knows strings, templates with their
 * expressions and both kinds of comment; regular expressions it takes for code, which is good enough to look for
 * names and calls.
 */
export function maskSource(text: string): MaskedSource {
  const noComments = text.split('');
  const code = text.split('');
  const blank = (out: string[], from: number, to: number) => {
    for (let at = from; at < to; at += 1) if (text[at] !== '\n' && text[at] !== '\r') out[at] = ' ';
  };
  /** Depth of braces at which each open template expression ends. */
  const templates: number[] = [];
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const next = text.slice(at, at + 2);
    if (next === '//' || next === '/*') {
      const end = commentEnd(text, at, next);
      blank(noComments, at, end);
      blank(code, at, end);
      at = end;
      continue;
    }
    const letter = text[at];
    const resumes = letter === '}' && templates.length > 0 && templates.at(-1) === depth;
    if (letter === '"' || letter === "'" || letter === '`' || resumes) {
      if (resumes) templates.pop();
      const { end, contentEnd, expression } = literalEnd(text, at, resumes ? '`' : letter);
      blank(code, at + 1, contentEnd);
      if (expression) templates.push(depth);
      at = end;
      continue;
    }
    if (letter === '{') depth += 1;
    if (letter === '}') depth -= 1;
    at += 1;
  }
  return { text, noComments: noComments.join(''), code: code.join('') };
}

function commentEnd(text: string, at: number, opening: string): number {
  const end = opening === '//' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
  if (end === -1) return text.length;
  return opening === '//' ? end : end + 2;
}

interface LiteralEnd {
  readonly end: number;
  readonly contentEnd: number;
  /** True where an expression in a template begins. */
  readonly expression: boolean;
}

function literalEnd(text: string, start: number, quote: string | undefined): LiteralEnd {
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '\\') at += 1;
    else if (letter === quote) return { end: at + 1, contentEnd: at, expression: false };
    else if (quote === '`' && letter === '$' && text[at + 1] === '{') {
      return { end: at + 2, contentEnd: at, expression: true };
    }
    // A string does not go over a line's end: it is an apostrophe in text (JSX) after all.
    else if (quote !== '`' && letter === '\n') return { end: at, contentEnd: at, expression: false };
  }
  return { end: text.length, contentEnd: text.length, expression: false };
}

/** The offset after the bracket that closes the one at `open`, in masked code; undefined when it never closes. */
export function closingBracket(code: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    const letter = code[at] ?? '';
    if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** Cuts masked code at the commas outside brackets; gives pieces with their offsets. */
export function splitAtCommas(code: string, from: number, to: number): { start: number; text: string }[] {
  const pieces: { start: number; text: string }[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < to; at += 1) {
    const letter = code[at] ?? '';
    if ('([{<'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter) || (letter === '>' && code[at - 1] !== '=')) depth -= 1;
    else if (letter === ',' && depth === 0) {
      pieces.push({ start, text: code.slice(start, at) });
      start = at + 1;
    }
  }
  if (code.slice(start, to).trim() !== '') pieces.push({ start, text: code.slice(start, to) });
  return pieces;
}
