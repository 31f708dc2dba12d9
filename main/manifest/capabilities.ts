import { CAPABILITIES, Capability, DEFAULT_CAPABILITIES } from '../../contract/index.ts';

/** A capability name as the platform compares it: trimmed, ASCII lower case (spec 2.5). */
export function normalizeCapability(name: string): string {
  return name.trim().replace(/[A-Z]/g, letter => letter.toLowerCase());
}

/** The known capability that a declared name stands for, if any (spec 2.5: nothing adds the `cap:` prefix). */
export function knownCapability(name: string): Capability | undefined {
  return Capability.safeParse(normalizeCapability(name)).data;
}

/**
 * What an install of this manifest is granted: the defaults and every declared name the platform knows.
 * Unknown names are dropped without a word, as the platform does (spec 2.5).
 *
 * @param declared names as written in the manifest
 * @returns known capabilities, each once, in the platform's order
 */
export function effectiveCapabilities(declared: readonly string[]): Capability[] {
  const granted = new Set<string>([...DEFAULT_CAPABILITIES, ...declared.map(normalizeCapability)]);
  return CAPABILITIES.filter(capability => granted.has(capability));
}

/**
 * The known capability that an unknown name most likely means.
 *
 * @returns undefined when nothing is close enough to be a typing error or a missing prefix
 */
export function nearestCapability(name: string): Capability | undefined {
  const wanted = normalizeCapability(name);
  const prefixed = knownCapability(`cap:${wanted}`);
  if (prefixed !== undefined) return prefixed;
  const bare = wanted.replace(/^cap[:.]?/, '');
  let best: { capability: Capability; distance: number } | undefined;
  for (const capability of CAPABILITIES) {
    const target = capability.slice('cap:'.length);
    const family = bare !== '' && target.split('.')[0] === bare;
    const distance = family ? 0 : editDistance(bare, target);
    if (distance < (best?.distance ?? Infinity)) best = { capability, distance };
  }
  return best !== undefined && best.distance <= Math.max(2, bare.length / 4) ? best.capability : undefined;
}

/** Levenshtein distance in UTF-16 code units. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replace, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
