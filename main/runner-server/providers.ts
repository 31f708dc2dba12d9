import { CAPABILITIES, type Capability } from '../../contract/index.ts';
import { effectiveCapabilities } from '../manifest/index.ts';

/** What a call may do, or the names that nobody knows. */
export type Grants =
  | { readonly known: true; readonly capabilities: Capability[] }
  | { readonly known: false; readonly names: string[] };

/**
 * Normalises providers (trim, ASCII lower case), adds the defaults and refuses unknown names instead of dropping them
 * as an install does (spec 2.5, 4.3 step 5).
 */
export function grantsOf(providers: readonly string[]): Grants {
  const names = [...new Set(providers.map(normal))].filter(name => !isCapability(name));
  return names.length > 0
    ? { known: false, names }
    : { known: true, capabilities: effectiveCapabilities(providers) };
}

function isCapability(name: string): boolean {
  return CAPABILITIES.some(capability => capability === name);
}

function normal(name: string): string {
  return name.trim().replace(/[A-Z]/g, letter => letter.toLowerCase());
}
