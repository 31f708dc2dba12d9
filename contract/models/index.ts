export * from './build.ts';
export * from './execution.ts';
export * from './manifest.ts';
export * from './problem.ts';
export * from './project.ts';
export * from './registry.ts';
export * from './traffic.ts';
export * from './state.ts';
