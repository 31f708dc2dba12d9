import { Header, Pax } from 'tar';
import { WorkbenchError } from '../../contract/index.ts';

const BLOCK = 512;
/** Extended headers hold paths; anything near this size is an attack. */
const MAX_META_BYTES = 1024 * 1024;

/** One entry of a tar archive. Its body must be read, or left to the reader to pass over, before the next entry. */
export interface TarMember {
  /** As it stands in the archive, long names resolved. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'other';
  /** The archive's own word for the kind, for messages. */
  readonly kindName: string;
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Reads a tar archive (v7, ustar, pax, GNU long names) entry by entry from a stream, in bounded memory. It is stricter
 * than common tools: a wrong header checksum, an unreadable size, a cut archive are errors
 * (WorkbenchError `bundle.corrupt`). Global pax headers are ignored, as the platform's reader does.
 */
export class TarReader {
  readonly #bytes: ByteSource;
  #trailingData = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#bytes = new ByteSource(chunks);
  }

  /** True when something other than zeros followed the end of the archive; known after the last member. */
  get trailingData(): boolean {
    return this.#trailingData;
  }

  async *members(): AsyncGenerator<TarMember> {
    let pax: Pax | undefined;
    let longPath: string | undefined;
    for (;;) {
      const header = await this.#nextHeader(pax);
      if (header === undefined) break;
      const size = header.size ?? 0;
      switch (header.type) {
        case 'ExtendedHeader':
        case 'OldExtendedHeader':
          pax = Pax.parse((await this.#meta(size)).toString('utf8'));
          break;
        case 'NextFileHasLongPath':
        case 'OldGnuLongPath':
          longPath = (await this.#meta(size)).toString('utf8').replace(/\0.*$/s, '');
          break;
        case 'GlobalExtendedHeader':
        case 'NextFileHasLongLinkpath':
          await this.#meta(size);
          break;
        default:
          yield* this.#member(header, size, pax?.path ?? longPath);
          pax = undefined;
          longPath = undefined;
      }
    }
    for await (const chunk of this.#bytes.rest()) this.#trailingData ||= chunk.some(byte => byte !== 0);
  }

  async *#member(header: Header, size: number, longPath: string | undefined): AsyncGenerator<TarMember> {
    const left = { bytes: size };
    const bytes = this.#bytes;
    yield {
      path: longPath ?? header.path ?? '',
      kind:
        header.type === 'File' || header.type === 'OldFile'
          ? 'file'
          : header.type === 'Directory'
            ? 'directory'
            : 'other',
      kindName: header.type,
      size,
      body: bytes.upTo(left),
    };
    await bytes.skip(left.bytes + paddingOf(size));
  }

  async #nextHeader(pax: Pax | undefined): Promise<Header | undefined> {
    const block = await this.#bytes.block();
    if (block === undefined) return undefined;
    if (isZero(block)) {
      const second = await this.#bytes.block();
      if (second === undefined || isZero(second)) return undefined;
      throw corrupt('a single empty block stands inside the archive');
    }
    let header: Header;
    try {
      header = new Header(block, 0, pax);
    } catch (error) {
      throw corrupt(error instanceof Error ? error.message : String(error));
    }
    if (!header.cksumValid) throw corrupt('the checksum of a header is wrong');
    if (header.size === undefined || !Number.isSafeInteger(header.size))
      throw corrupt('the size of an entry is unreadable');
    return header;
  }

  async #meta(size: number): Promise<Buffer> {
    if (size > MAX_META_BYTES) throw corrupt('an extended header is too large');
    const parts: Uint8Array[] = [];
    for await (const part of this.#bytes.upTo({ bytes: size })) parts.push(part);
    await this.#bytes.skip(paddingOf(size));
    return Buffer.concat(parts);
  }
}

/** A pull reader over chunks of any size. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #pending: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** A whole block, or undefined at the end of the stream. */
  async block(): Promise<Buffer | undefined> {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < BLOCK) {
      const part = await this.#take(BLOCK - length);
      if (part === undefined) break;
      parts.push(part);
      length += part.length;
    }
    if (length === 0) return undefined;
    if (length < BLOCK) throw corrupt('the archive ends in the middle of a header');
    return Buffer.concat(parts);
  }

  /** The next `left.bytes` bytes in pieces; `left` counts down, so a reader that stops early can be caught up with. */
  async *upTo(left: { bytes: number }): AsyncGenerator<Uint8Array> {
    while (left.bytes > 0) {
      const part = await this.#take(left.bytes);
      if (part === undefined) throw corrupt('the archive ends in the middle of an entry');
      left.bytes -= part.length;
      yield part;
    }
  }

  async skip(count: number): Promise<void> {
    const left = { bytes: count };
    while (left.bytes > 0) {
      const part = await this.#take(left.bytes);
      if (part === undefined) throw corrupt('the archive ends in the middle of an entry');
      left.bytes -= part.length;
    }
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    for (let part = await this.#take(Infinity); part !== undefined; part = await this.#take(Infinity))
      yield part;
  }

  async #take(most: number): Promise<Uint8Array | undefined> {
    while (this.#pending.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#pending = next.value;
    }
    const part = this.#pending.subarray(0, most);
    this.#pending = this.#pending.subarray(part.length);
    return part;
  }
}

function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function isZero(block: Uint8Array): boolean {
  return block.every(byte => byte === 0);
}

function corrupt(reason: string): WorkbenchError {
  return new WorkbenchError('bundle.corrupt', { details: { reason } });
}
