export { diagnoseProject } from './diagnose.ts';
export type { FixResources } from './finding.ts';
export { applyFix } from './fix.ts';
export { readProject, usesVite, type Project } from './read.ts';
export { createFromTemplate, listTemplates } from './templates.ts';
export { watchProject } from './watch.ts';
