/** Which hosts `http.fetch` may reach (spec section 4.9). */
export interface EgressPolicy {
  /** Host names in lower case. As on the platform, an empty list allows every host. */
  readonly allow: readonly string[];
}

/** The platform's default: no list, so every host. */
export const ALLOW_ALL: EgressPolicy = { allow: [] };

/** Reads the platform's comma-separated form: trimmed, lower case, blanks dropped. */
export function parseEgressAllowlist(text: string | undefined): EgressPolicy {
  const entries = (text ?? '').split(',').map(entry => entry.trim().toLowerCase());
  return { allow: entries.filter(entry => entry !== '') };
}

/**
 * True when `host` equals an entry or is a subdomain of one. Scheme, port, path and resolved address play no part:
 * loopback and private addresses are reachable, as on the platform.
 */
export function mayReach({ allow }: EgressPolicy, host: string): boolean {
  const name = host.toLowerCase();
  return allow.length === 0 || allow.some(entry => name === entry || name.endsWith(`.${entry}`));
}
