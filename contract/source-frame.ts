/** A place in a text, both 1-based; columns count UTF-16 code units, as editors do. */
export interface SourcePlace {
  readonly line: number;
  readonly column: number;
}

const LINES_AROUND = 2;
const MAX_WIDTH = 160;

/**
 * Turns an offset (UTF-16 code units from the start) into a line and a column.
 * An offset outside the text is taken as its nearest end. Lines end at LF; CRLF counts as one ending.
 */
export function placeAt(text: string, offset: number): SourcePlace {
  const end = Math.min(Math.max(offset, 0), text.length);
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: end - lineStart + 1 };
}

/**
 * The lines around a place, numbered, with `>` before the line itself and `^` under the column.
 *
 * @param text the whole source
 * @param line 1-based; a line past the end shows the last line
 * @param column 1-based; without it there is no caret
 * @returns up to five source lines joined by LF, long lines cut around the column
 */
export function sourceFrame(text: string, line: number, column?: number): string {
  const lines = text.split(/\r?\n/);
  const target = Math.min(Math.max(line, 1), lines.length);
  const first = Math.max(1, target - LINES_AROUND);
  const last = Math.min(lines.length, target + LINES_AROUND);
  const gutter = String(last).length;
  // Every line is cut at the same place, so that the columns still stand under each other.
  const cut = column !== undefined && column > MAX_WIDTH - 20 ? column - MAX_WIDTH / 2 : 0;
  const out: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const source = (lines[number - 1] ?? '').slice(cut, cut + MAX_WIDTH);
    const marker = number === target ? '>' : ' ';
    out.push(`${marker} ${String(number).padStart(gutter)} | ${source}`.trimEnd());
    if (number === target && column !== undefined) {
      // Tabs are kept so that the caret stands right whatever their width.
      const lead = source.slice(0, Math.max(0, column - 1 - cut)).replace(/[^\t]/g, ' ');
      out.push(`  ${' '.repeat(gutter)} | ${lead}^`);
    }
  }
  return out.join('\n');
}
