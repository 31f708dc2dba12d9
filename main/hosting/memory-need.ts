import { readFile } from 'node:fs/promises';

/** Section ids of the binary formats: a module inside a component, a component inside a component, a module's memories. */
const CORE_MODULE = 1;
const NESTED_COMPONENT = 4;
const MEMORIES = 5;
/** The second half of the header tells a component from a core module. */
const COMPONENT_LAYER = 1;
const HEADER_BYTES = 8;
const PAGES_PER_MIB = 16;

/**
 * MiB that the largest memory of a component begins with, rounded up: no smaller memory limit can run it (spec 4.7).
 * Undefined when the file cannot be read or holds no component with a memory.
 */
export async function initialMemoryMib(componentFile: string): Promise<number | undefined> {
  try {
    const pages = componentPages(await readFile(componentFile));
    return pages === 0 ? undefined : Math.ceil(pages / PAGES_PER_MIB);
  } catch {
    return undefined;
  }
}

/** Most pages that a memory of the component, or of one inside it, begins with. */
function componentPages(bytes: Buffer): number {
  if (bytes.readUInt16LE(6) !== COMPONENT_LAYER) return 0;
  let most = 0;
  for (const { id, content } of sections(bytes)) {
    if (id === CORE_MODULE) most = Math.max(most, modulePages(content));
    if (id === NESTED_COMPONENT) most = Math.max(most, componentPages(content));
  }
  return most;
}

function modulePages(bytes: Buffer): number {
  let most = 0;
  for (const { id, content } of sections(bytes)) {
    if (id !== MEMORIES) continue;
    const cursor = { at: 0 };
    for (let left = readNumber(content, cursor); left > 0; left -= 1) {
      const hasMaximum = ((content[cursor.at++] ?? 0) & 1) === 1;
      most = Math.max(most, readNumber(content, cursor));
      if (hasMaximum) readNumber(content, cursor);
    }
  }
  return most;
}

function* sections(bytes: Buffer): Generator<{ id: number | undefined; content: Buffer }> {
  const cursor = { at: HEADER_BYTES };
  while (cursor.at < bytes.length) {
    const id = bytes[cursor.at++];
    const length = readNumber(bytes, cursor);
    yield { id, content: bytes.subarray(cursor.at, cursor.at + length) };
    cursor.at += length;
  }
}

/** A LEB128 number; throws a RangeError where the bytes end before it does. */
function readNumber(bytes: Buffer, cursor: { at: number }): number {
  let value = 0;
  for (let weight = 1; ; weight *= 128) {
    const byte = bytes.readUInt8(cursor.at++);
    value += (byte & 0x7f) * weight;
    if (byte < 0x80) return value;
  }
}
