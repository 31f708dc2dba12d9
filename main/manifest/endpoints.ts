import type { Endpoint } from '../../contract/index.ts';

/** Methods that finalize lets a manifest declare (spec 2.6). */
export const DECLARABLE_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const;

/** Methods that the gateway looks up in the endpoint table; HEAD is looked up as GET (spec 2.6). */
export const CALLABLE_METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * The declared endpoint that a call meets, by the gateway's rules (spec 2.6, second column): HEAD counts as GET,
 * rows of other methods than the five never match, segment counts are equal, `:name` takes one non-empty segment,
 * literals are case-sensitive, there is no wildcard. The first match in manifest order wins.
 *
 * @param endpoints normalised rows of the manifest
 * @param method of the call, any case
 * @param path below the extension, without query, as sent (not decoded)
 */
export function matchEndpoint(
  endpoints: readonly Endpoint[],
  method: string,
  path: string,
): Endpoint | undefined {
  const called = method.toUpperCase();
  const wanted = called === 'HEAD' ? 'GET' : called;
  if (!CALLABLE_METHODS.includes(wanted)) return undefined;
  const segments = splitPath(path);
  return endpoints.find(
    row =>
      row.method.toUpperCase() === wanted &&
      row.handler !== '' &&
      segmentsMatch(splitPath(row.path), segments),
  );
}

/**
 * Whether a bundle of this manifest must hold a component: only when it declares endpoints, since nothing else
 * can reach a handler. The official command line also asks for one when `runtime` starts with `wasm`, which makes
 * every UI-only extension unpackable (spec 1.2, 13.1); the platform itself never asks.
 */
export function needsComponent(manifest: { runtime?: string; endpoints: readonly Endpoint[] }): boolean {
  return manifest.endpoints.length > 0;
}

/** A path's segments after trimming slashes; `/` has none. */
export function splitPath(path: string): string[] {
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function segmentsMatch(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => {
      const segment = segments[index] ?? '';
      return part.startsWith(':') ? segment !== '' : part === segment;
    })
  );
}
