import type { Manifest, Problem } from '../../../contract/index.ts';
import { knownCapability, nearestCapability, normalizeCapability } from '../capabilities.ts';
import type { Issue } from '../issues.ts';

/** Capability names that the platform stores and then silently drops, and repeats (spec 2.5). */
export function lintCapabilities(manifest: Manifest): Issue[] {
  const seen = new Set<string>();
  return manifest.capabilities.flatMap((declared, index) => {
    const name = normalizeCapability(declared);
    const repeated = seen.has(name);
    seen.add(name);
    if (knownCapability(declared) === undefined) return [unknownCapability(declared, index)];
    return repeated ? [duplicate(declared, index)] : [];
  });
}

function unknownCapability(declared: string, index: number): Issue {
  const nearest = nearestCapability(declared);
  const fix = prefixFix(declared, nearest);
  return {
    rule: 'unknown-capability',
    path: ['capabilities', index],
    message: `The platform knows no capability \`${declared}\` and drops it without a word.`,
    help:
      nearest === undefined
        ? 'Remove it, or write a capability of the platform; each begins with "cap:".'
        : `Did you mean "${nearest}"?`,
    ...(fix && { fix }),
  };
}

/** Only a missing `cap:` is certain enough to be mended with one click. */
function prefixFix(declared: string, nearest: string | undefined): Problem['fix'] {
  if (nearest === undefined || nearest !== `cap:${normalizeCapability(declared)}`) return undefined;
  return { id: `manifest.unknown-capability:${declared}`, title: `Write "${nearest}"` };
}

function duplicate(declared: string, index: number): Issue {
  return {
    rule: 'duplicate-capability',
    path: ['capabilities', index],
    message: `The capability \`${declared}\` is listed twice.`,
    help: 'Remove one of them.',
  };
}
