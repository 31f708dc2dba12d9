import { DISABLED_FEATURES } from '../componentize-protocol.ts';
import type { BuildKind } from '../../../contract/index.ts';
import type { Feature } from './protocol.ts';

/**
 * The engine features that a template of a kind goes without. `release` has none at all; `development` differs in one
 * thing: the console, and what the engine says of an uncaught exception, go to standard output and standard error. The
 * clock stands still and random numbers repeat in both (spec/alga-platform.md 3.6).
 */
export function featuresLeftOut(kind: BuildKind): readonly Feature[] {
  if (kind === 'release') return DISABLED_FEATURES;
  return DISABLED_FEATURES.filter(feature => feature !== 'stdio');
}
