/** Whom a request is addressed to, told by its Host header. */
export type Site =
  | { readonly kind: 'main'; readonly origin: string }
  | { readonly kind: 'extension'; readonly registryId: string };

/** Host header values of the host page and the API, before the port. */
const MAIN_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1']);
const EXTENSION_HOST = /^([0-9a-f]{8}-[0-9a-f]{8})\.localhost$/;

/** Route constraints: the host check has proved the port and the install by the time a route is looked up. */
export const MAIN_HOST_PATTERN = /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/i;
export const EXTENSION_HOST_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{8}\.localhost(?::\d+)?$/i;

/** Origins under which the host page may be opened. */
export function mainOrigins(port: number): string[] {
  return [...MAIN_HOSTS].map(host => `http://${host}:${port}`);
}

/**
 * Decides whether a Host header is one of ours: the two names of the main site, or the label of an extension
 * that `registryIdOf` knows. Anything else is undefined, which defeats name rebinding.
 */
export function siteOf(
  hostHeader: string | undefined,
  port: number,
  registryIdOf: (label: string) => string | undefined,
): Site | undefined {
  const match = /^([^:]+)(?::(\d+))?$/.exec(hostHeader?.toLowerCase() ?? '');
  const name = match?.[1];
  if (match === null || name === undefined || Number(match[2] ?? '80') !== port) return undefined;
  if (MAIN_HOSTS.has(name)) return { kind: 'main', origin: `http://${match[0]}` };
  const label = EXTENSION_HOST.exec(name)?.[1];
  const registryId = label === undefined ? undefined : registryIdOf(label);
  return registryId === undefined ? undefined : { kind: 'extension', registryId };
}
