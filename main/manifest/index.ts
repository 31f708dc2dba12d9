export { effectiveCapabilities, nearestCapability } from './capabilities.ts';
export { matchEndpoint, needsComponent } from './endpoints.ts';
export { lintManifest } from './lint.ts';
export { parseManifest } from './parse.ts';
