import { z } from 'zod';
import { GuestException, Header, LogLevel } from './execution.ts';

/** The hops of one click, in the order they happen. */
export const HopKind = z.enum(['message', 'gateway', 'handler', 'host-call', 'log']);
export type HopKind = z.infer<typeof HopKind>;

/** A body as recorded: masked, and cut when it is larger than the recorder keeps. */
export const RecordedBody = z.object({
  /** Base64 of what was kept. */
  base64: z.string(),
  /** Size before cutting. */
  bytes: z.number().int(),
  truncated: z.boolean(),
  contentType: z.string().optional(),
});
export type RecordedBody = z.infer<typeof RecordedBody>;

/** One hop of a trace as the list shows it. */
export const ExchangeSummary = z.object({
  /** Grows by one for each hop recorded; unique in a session. */
  id: z.number().int(),
  /** Joins every hop of one click. */
  traceId: z.string(),
  /** Of the call that the hop belongs to; a message of a frame has none. */
  requestId: z.string().optional(),
  parentId: z.number().int().optional(),
  /** Nesting below the first hop of the trace. */
  depth: z.number().int(),
  kind: HopKind,
  from: z.string(),
  to: z.string(),
  /** `apiproxy`, `ext-proxy`, `handler`, `storage.get`, `log`. */
  what: z.string(),
  /** What stands behind `what`: `GET /api/items`, a log line, a key. */
  detail: z.string(),
  /** HTTP status, WIT case, `ok`, or empty while pending. */
  status: z.string(),
  outcome: z.enum(['pending', 'ok', 'error']),
  /** Epoch milliseconds with a fraction. */
  startedAt: z.number(),
  /** Absent while pending. */
  durationMs: z.number().optional(),
  extension: z.string().optional(),
  contentHash: z.string().optional(),
  level: LogLevel.optional(),
});
export type ExchangeSummary = z.infer<typeof ExchangeSummary>;

export const RecordedMessage = z.object({
  headers: z.array(Header),
  body: RecordedBody.optional(),
});
export type RecordedMessage = z.infer<typeof RecordedMessage>;

/** One hop with everything that was recorded of it. */
export const Exchange = ExchangeSummary.extend({
  request: RecordedMessage.optional(),
  response: RecordedMessage.optional(),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      detail: z.string().optional(),
      exception: GuestException.optional(),
    })
    .optional(),
  /** Facts worth showing beside it, in order: `Endpoint: declared`, `Headers dropped: 4`. */
  notes: z.array(z.object({ label: z.string(), value: z.string() })),
});
export type Exchange = z.infer<typeof Exchange>;
