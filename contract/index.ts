export * from './errors/index.ts';
export { extensionName } from './extension-name.ts';
export * from './ipc.ts';
export * from './models/index.ts';
export * from './source-frame.ts';
export { parseTrafficFilter } from './traffic-filter.ts';
