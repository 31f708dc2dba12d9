/** A type of the component model, as far as the world uses them in parameters. */
type Type =
  | { readonly kind: 'string' }
  | { readonly kind: 'number'; readonly core: 'i32' | 'i64' | 'f64'; readonly size: number }
  | { readonly kind: 'option' | 'list'; readonly of: Type }
  | { readonly kind: 'record'; readonly fields: readonly Type[] };

/** A function that the world imports. */
export interface WorldFunction {
  readonly interface: string;
  readonly name: string;
  readonly params: Type;
  readonly hasResult: boolean;
}

const NUMBERS: Readonly<Record<string, Type>> = {
  bool: { kind: 'number', core: 'i32', size: 1 },
  u8: { kind: 'number', core: 'i32', size: 1 },
  u32: { kind: 'number', core: 'i32', size: 4 },
  u64: { kind: 'number', core: 'i64', size: 8 },
  f64: { kind: 'number', core: 'f64', size: 8 },
};
/** Beyond so many core values parameters go through memory. */
const MOST_FLAT = 16;
/** Scratch memory below the guest's answer. */
const [BAD, GOOD, FREE, RESULTS] = [8192, 8200, 8208, 4096];

/** The functions of a world's text that take parameters. */
export function functionsOf(wit: string): WorldFunction[] {
  const text = wit.replace(/\/\/.*$/gm, '');
  const records = new Map(
    [...text.matchAll(/record ([\w-]+) \{([^}]*)\}/g)].map(([, name = '', body = '']) => [name, body]),
  );
  const typeOf = (given: string): Type => {
    const [, outer = '', inner = ''] = /^(option|list)<(.*)>$/s.exec(given) ?? [];
    if (outer === 'option' || outer === 'list') return { kind: outer, of: typeOf(inner) };
    const body = records.get(given);
    if (body !== undefined) return fields(body);
    // What is left are enums of few cases.
    return given === 'string'
      ? { kind: 'string' }
      : (NUMBERS[given] ?? { kind: 'number', core: 'i32', size: 1 });
  };
  const fields = (body: string): Type => ({
    kind: 'record',
    fields: [...body.matchAll(/[\w-]+:\s*([^,]+?)\s*(?:,|$)/g)].map(([, type = '']) => typeOf(type)),
  });
  return [...text.matchAll(/interface ([\w-]+) \{([\s\S]*?)\n\}/g)].flatMap(([, owner = '', body = '']) =>
    [...body.matchAll(/([\w-]+): func\(([^)]+)\)( ->)?/g)].map(([, name = '', params = '', arrow]) => ({
      interface: owner,
      name,
      params: fields(params),
      hasResult: arrow !== undefined,
    })),
  );
}

/** How many strings the parameters of a function hold when every option is there and every list has one element. */
export function stringsOf({ params }: WorldFunction): number {
  const count = (type: Type): number => {
    if (type.kind === 'string') return 1;
    if (type.kind === 'record') return type.fields.reduce((sum, field) => sum + count(field), 0);
    return type.kind === 'number' ? 0 : count(type.of);
  };
  return count(params);
}

/** Instructions that call a function with its n-th string broken: three bytes that no UTF-8 begins with. */
export function callWithBroken(func: WorldFunction, id: string, broken: number): string {
  const call = new Lowering(broken);
  const flat = call.flat(func.params);
  const args = flat.length > MOST_FLAT ? [`(i32.const ${call.inMemory(func.params)})`] : flat;
  const result = func.hasResult ? [`(i32.const ${RESULTS})`] : [];
  return [
    `(i32.store (i32.const ${BAD}) (i32.const 0xffffff))`,
    `(i32.store (i32.const ${GOOD}) (i32.const 0x61))`,
    ...call.stores,
    `(call ${id} ${[...args, ...result].join(' ')})`,
  ].join('\n');
}

/** Lowers parameters as the canonical ABI says. */
class Lowering {
  readonly stores: string[] = [];
  readonly #broken: number;
  #strings = 0;
  #free = FREE;

  constructor(broken: number) {
    this.#broken = broken;
  }

  /** As values on the stack. */
  flat(type: Type): string[] {
    switch (type.kind) {
      case 'number':
        return [`(${type.core}.const 0)`];
      case 'option':
        return ['(i32.const 1)', ...this.flat(type.of)];
      case 'record':
        return type.fields.flatMap(field => this.flat(field));
      default:
        return this.#pointed(type).map(value => `(i32.const ${value})`);
    }
  }

  /** In memory of its own; gives the address. From here on strings are counted anew. */
  inMemory(type: Type): number {
    this.#strings = 0;
    return this.#allocated(type);
  }

  #allocated(type: Type): number {
    const at = aligned(this.#free, 8);
    this.#free = at + sizeOf(type);
    this.#store(type, at);
    return at;
  }

  /** Address and length. */
  #pointed(type: Type): [number, number] {
    if (type.kind === 'list') return [this.#allocated(type.of), 1];
    return this.#strings++ === this.#broken ? [BAD, 3] : [GOOD, 1];
  }

  #store(type: Type, at: number): void {
    if (type.kind === 'number') return;
    if (type.kind === 'record') {
      let next = at;
      for (const field of type.fields) {
        const place = aligned(next, alignOf(field));
        this.#store(field, place);
        next = place + sizeOf(field);
      }
    } else if (type.kind === 'option') {
      this.stores.push(`(i32.store8 (i32.const ${at}) (i32.const 1))`);
      this.#store(type.of, at + alignOf(type.of));
    } else {
      const [address, length] = this.#pointed(type);
      this.stores.push(`(i32.store (i32.const ${at}) (i32.const ${address}))`);
      this.stores.push(`(i32.store (i32.const ${at + 4}) (i32.const ${length}))`);
    }
  }
}

function aligned(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}

function alignOf(type: Type): number {
  if (type.kind === 'number') return type.size;
  if (type.kind === 'record') return Math.max(...type.fields.map(alignOf));
  return type.kind === 'option' ? alignOf(type.of) : 4;
}

function sizeOf(type: Type): number {
  if (type.kind === 'number') return type.size;
  if (type.kind === 'option') return aligned(alignOf(type.of) + sizeOf(type.of), alignOf(type));
  if (type.kind !== 'record') return 8;
  const end = type.fields.reduce((at, field) => aligned(at, alignOf(field)) + sizeOf(field), 0);
  return aligned(end, alignOf(type));
}
