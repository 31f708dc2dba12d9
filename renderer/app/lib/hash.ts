/** The first eight digits of a content hash, without its `sha256:`. */
export function shortHash(contentHash: string): string {
  return contentHash.replace(/^sha256:/, '').slice(0, 8);
}
