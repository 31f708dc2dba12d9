import { z } from 'zod';
import { Endpoint } from './manifest.ts';
import { RecordedBody } from './traffic.ts';
import { PreviewTheme, Posture } from './state.ts';

/** What the host page knows of one installed extension. */
export const HostPageExtension = z.object({
  registryId: z.string(),
  name: z.string(),
  publisher: z.string(),
  version: z.string(),
  contentHash: z.string(),
  enabled: z.boolean(),
  menuLabel: z.string().optional(),
  endpoints: z.array(Endpoint),
  /** Origin of the extension's own UI; absent when its bundle has none. */
  frameOrigin: z.string().optional(),
  /** Fragment of the address at which the UI stood last, where the workbench can see it: a new frame begins there. */
  fragment: z.string().optional(),
});
export type HostPageExtension = z.infer<typeof HostPageExtension>;

/** Everything the host page shows, sent whole by the gateway whenever any of it changes. */
export const HostPageState = z.object({
  tenantName: z.string(),
  /** Absent when signed out. */
  user: z
    .object({ userId: z.string(), name: z.string(), userType: z.enum(['internal', 'client']) })
    .optional(),
  theme: PreviewTheme,
  posture: Posture,
  extensions: z.array(HostPageExtension),
});
export type HostPageState = z.infer<typeof HostPageState>;

/** A trace id as a page may choose it; anything else is replaced by one of the gateway's own. */
export const TraceId = z.string().regex(/^[\w-]{8,64}$/);

/** One `postMessage` the host page saw or sent; an `apiproxy` call and its response are one event. */
export const BridgeEvent = z.strictObject({
  traceId: TraceId,
  direction: z.enum(['to-host', 'to-extension']),
  /** The message's `type`, or what stands in for it when it has none. */
  type: z.string().max(100),
  detail: z.string().max(4096),
  /** Epoch milliseconds with a fraction. */
  startedAt: z.number(),
  durationMs: z.number().nonnegative(),
  status: z.string().max(64),
  outcome: z.enum(['ok', 'error']),
  /** Origin of the sender, or the target origin of what was sent. */
  origin: z.string().max(512),
  /** `valid`: `alga` and `version` are right; `bare`: a message without them; `foreign`: not a message of ours. */
  envelope: z.enum(['valid', 'bare', 'foreign']),
  requestId: z.string().max(512).optional(),
  request: RecordedBody.optional(),
  response: RecordedBody.optional(),
  /** What an author should know about it; `code` is one of the bridge's warnings. */
  warning: z.object({ code: z.string().max(64), message: z.string().max(2048) }).optional(),
});
export type BridgeEvent = z.infer<typeof BridgeEvent>;

/** What the host page reports to the gateway in one go. */
export const BridgeBatch = z.strictObject({
  registryId: z.string().max(64),
  contentHash: z.string().max(80),
  events: z.array(BridgeEvent).max(500),
});
export type BridgeBatch = z.infer<typeof BridgeBatch>;
