export { createMasker } from './mask.ts';
export { createTraffic, type TrafficOptions } from './traffic.ts';
export type { Hop, HopEnd, HopError, HopStart, MessageInput, Traffic, TrafficChange } from './types.ts';
