import type { HopStart } from './types.ts';

/** A gateway hop of a trace, with these differences. */
export const hop = (traceId: string, more: Partial<HopStart> = {}): HopStart => ({
  traceId,
  kind: 'gateway',
  from: 'host',
  to: 'gateway',
  what: 'ext-proxy',
  detail: 'GET /x',
  ...more,
});
/** How a hop ends well. */
export const done = { status: '200', outcome: 'ok' } as const;
/** A message with this text as its body. */
export const body = (text: string): { headers: []; body: Uint8Array } => ({
  headers: [],
  body: Buffer.from(text),
});
/** The text of a recorded body. */
export const textOf = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
