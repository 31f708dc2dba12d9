import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const KEPT = 2000;

/**
 * Strong ETags over file contents (spec 5.4): `"sha256-<hex>"`. Bundles are extracted once and never change, so
 * a file is read once; the oldest entries go when there are many.
 */
export class Etags {
  readonly #known = new Map<string, string>();

  /** ETag of a file; rejects when it cannot be read. */
  async of(file: string): Promise<string> {
    const known = this.#known.get(file);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    const etag = `"sha256-${hash.digest('hex')}"`;
    this.#known.set(file, etag);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break;
      this.#known.delete(oldest);
    }
    return etag;
  }
}

/** `If-None-Match` of a request against an ETag: a list or `*`, compared exactly (spec 5.4). */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '')
    .split(',')
    .map(candidate => candidate.trim())
    .some(candidate => candidate === '*' || candidate === etag);
}
