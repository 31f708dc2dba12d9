/** What becomes of an archive entry, judged by its path alone. */
export type PathVerdict =
  | { readonly kind: 'keep'; readonly path: string; readonly segments: readonly string[] }
  /** The platform passes over it without a word (spec 1.6). */
  | { readonly kind: 'skip'; readonly reason: string }
  /** The platform may take it, but it cannot be kept safely on every system, so the bundle is refused. */
  | { readonly kind: 'refuse'; readonly reason: string };

/** Bytes of UTF-8 in one name; the common limit of file systems. */
const MAX_NAME_BYTES = 255;

/**
 * Judges the path of an archive entry by the runner's extraction rules (spec 1.6): leading `./` are stripped;
 * absolute paths, paths with `..` and paths with an empty or hidden segment are passed over.
 * Back-slashes, colons, control characters and broken UTF-8 would mean different files on different systems.
 *
 * @param raw the path as it stands in the archive; a trailing slash (folders) is allowed
 * @param maxPathBytes refuse longer paths
 */
export function judgePath(raw: string, maxPathBytes: number): PathVerdict {
  if (Buffer.byteLength(raw) > maxPathBytes) return { kind: 'refuse', reason: 'its path is too long' };
  if (/[\p{Cc}\\:\uFFFD]/u.test(raw)) {
    return { kind: 'refuse', reason: 'its path holds a back-slash, a colon or an unprintable character' };
  }
  const path = raw.replace(/^(?:\.\/)+/, '').replace(/(?<=[^/])\/$/, '');
  if (path === '' || path === '.') return { kind: 'skip', reason: 'its path is empty' };
  if (path.startsWith('/')) return { kind: 'skip', reason: 'its path is absolute' };
  if (path.includes('..')) return { kind: 'skip', reason: 'its path contains ".."' };
  const segments = path.split('/');
  if (segments.includes('')) return { kind: 'skip', reason: 'its path has an empty segment' };
  if (segments.some(segment => segment.startsWith('.'))) {
    return { kind: 'skip', reason: 'a segment of its path starts with a dot' };
  }
  if (segments.some(segment => Buffer.byteLength(segment) > MAX_NAME_BYTES)) {
    return { kind: 'refuse', reason: 'a name in its path is too long' };
  }
  return { kind: 'keep', path, segments };
}

/** Why a path may not go into a bundle; undefined for one that {@link judgePath} keeps just as it is. */
export function unpackableReason(path: string, maxPathBytes: number): string | undefined {
  const verdict = judgePath(path, maxPathBytes);
  if (verdict.kind !== 'keep') return verdict.reason;
  return verdict.path === path ? undefined : 'its path is not in its shortest form';
}
