export * from './errors/index.ts';
export * from './ipc.ts';
export * from './models/index.ts';
export * from './source-frame.ts';
