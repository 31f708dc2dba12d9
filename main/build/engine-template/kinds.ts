import { DISABLED_FEATURES } from '../componentize-protocol.ts';
import type { Feature } from './protocol.ts';

/**
 * `release` is what is published: no engine features at all. `development` differs in one thing: the console, and what
 * the engine says of an uncaught exception, go to standard output and standard error. The clock stands still and random
 * numbers repeat in both (spec/alga-platform.md 3.6).
 */
export type TemplateKind = 'release' | 'development';

/** The engine features that a template of a kind goes without. */
export function featuresLeftOut(kind: TemplateKind): readonly Feature[] {
  if (kind === 'release') return DISABLED_FEATURES;
  return DISABLED_FEATURES.filter(feature => feature !== 'stdio');
}
