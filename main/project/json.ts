import { applyEdits, findNodeAtLocation, modify, parseTree, type JSONPath } from 'jsonc-parser';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, or undefined for anything else. */
export function parseRecord(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Offset of a value, or of its property's name; 0 when there is no such value. */
export function offsetOf(text: string, path: JSONPath, part: 'key' | 'value' = 'value'): number {
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, path);
  const shown = part === 'key' ? node?.parent : node;
  return shown?.offset ?? 0;
}

/** Sets a value (undefined removes it) and leaves the rest of the text as it is, in its own style. */
export function editJson(text: string, path: JSONPath, value: unknown): string {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  const edits = modify(text, path, value, {
    formattingOptions: {
      insertSpaces: !indent.startsWith('\t'),
      tabSize: indent.startsWith('\t') ? 1 : indent.length,
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    },
  });
  return applyEdits(text, edits);
}
