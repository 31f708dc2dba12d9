/** A section of a WebAssembly binary. */
interface Section {
  readonly id: number;
  readonly body: Buffer;
}

const [CUSTOM, CORE_MODULE, MEMORY, CODE, DATA] = [0, 1, 5, 10, 11] as const;

/** Where two components differ; empty when they are the same but for memory size, data and what the tool says of itself. */
export interface Difference {
  readonly sections: readonly string[];
  /** Bytes of code that differ outside of the frozen clock. */
  readonly code: number;
}

/**
 * Compares two components that should hold the same engine.
 *
 * @param clockMs epoch milliseconds at which the clock of `ours` stands still
 */
export function differences(ours: Buffer, official: Buffer, clockMs: number): Difference {
  const [mine, theirs] = [ours, official].map(sectionsOf) as [Section[], Section[]];
  const outer = compare(mine, theirs, [CUSTOM], largest(mine));
  const [inner, other] = [mine, theirs].map(all => sectionsOf(all[largest(all)]?.body ?? Buffer.alloc(0)));
  if (!inner || !other) return { sections: ['no module'], code: 0 };
  const module = compare(inner, other, [MEMORY, DATA, CODE], -1);
  const code = [inner, other].map(all => all.find(({ id }) => id === CODE)?.body ?? Buffer.alloc(0));
  return {
    sections: [...outer.map(name => `component ${name}`), ...module.map(name => `module ${name}`)],
    code: codeDifference(code[0] ?? Buffer.alloc(0), code[1] ?? Buffer.alloc(0), clockMs),
  };
}

function compare(ours: Section[], theirs: Section[], ignored: readonly number[], skip: number): string[] {
  const names = (all: Section[]): string => all.map(({ id }) => id).join(' ');
  if (names(ours) !== names(theirs)) return [`order: ${names(ours)} / ${names(theirs)}`];
  return ours.flatMap(({ id, body }, index) => {
    if (index === skip || ignored.includes(id) || theirs[index]?.body.equals(body) === true) return [];
    return [`${index} (id ${id})`];
  });
}

/** Index of the engine's module. */
function largest(all: readonly Section[]): number {
  const sizes = all.map(({ id, body }) => (id === CORE_MODULE ? body.byteLength : -1));
  return sizes.indexOf(Math.max(...sizes));
}

function codeDifference(ours: Buffer, theirs: Buffer, clockMs: number): number {
  if (ours.byteLength !== theirs.byteLength) return Math.abs(ours.byteLength - theirs.byteLength);
  const constant = Buffer.from([0x42, ...signedLeb(BigInt(clockMs) * 1_000_000n)]);
  const [mine, other] = [Buffer.from(ours), Buffer.from(theirs)];
  for (let at = mine.indexOf(constant); at !== -1; at = mine.indexOf(constant, at + 1)) {
    // The instruction itself must be there in both.
    mine.fill(0, at + 1, at + constant.byteLength);
    other.fill(0, at + 1, at + constant.byteLength);
  }
  let different = 0;
  for (const [index, byte] of mine.entries()) if (byte !== other[index]) different += 1;
  return different;
}

function signedLeb(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const last = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
  return last ? [low] : [low | 0x80, ...signedLeb(rest)];
}

function sectionsOf(binary: Buffer): Section[] {
  const found: Section[] = [];
  let at = 8;
  while (at < binary.byteLength) {
    const id = binary.readUInt8(at);
    const [length, start] = unsignedLeb(binary, at + 1);
    found.push({ id, body: binary.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

function unsignedLeb(binary: Buffer, from: number): [value: number, next: number] {
  let value = 0;
  for (let at = from, shift = 0; ; at += 1, shift += 7) {
    const byte = binary.readUInt8(at);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at + 1];
  }
}
