export { bundlesInBackground, type BundleWork } from './background.ts';
export { collectEntries, type BundleEntry } from './collect.ts';
export { extractBundle, type ExtractedBundle } from './extract.ts';
export type { IntakeLimits } from './limits.ts';
export { packBundle } from './pack.ts';
