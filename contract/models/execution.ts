import { z } from 'zod';

export const Header = z.object({ name: z.string(), value: z.string() });
export type Header = z.infer<typeof Header>;

/** What a guest's handler is called with (spec/alga-platform.md 3.3, 4.4). */
export interface ExecuteRequest {
  readonly context: {
    readonly requestId?: string;
    readonly tenantId: string;
    readonly extensionId: string;
    readonly installId?: string;
    readonly versionId?: string;
  };
  readonly http: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly Header[];
    /** Absent is the guest's `none`; an empty array is `some` empty list (spec 4.4). */
    readonly body?: Uint8Array;
  };
}

export interface ExecuteResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array;
}

export const LogLevel = z.enum(['info', 'warn', 'error', 'stdout', 'stderr']);
export type LogLevel = z.infer<typeof LogLevel>;

export const LogLine = z.object({
  level: LogLevel,
  message: z.string(),
  /** Milliseconds since the start of the execution. */
  offsetMs: z.number(),
});
export type LogLine = z.infer<typeof LogLine>;

export const HostCallRecord = z.object({
  interface: z.string(),
  function: z.string(),
  offsetMs: z.number(),
  durationMs: z.number(),
  /** `ok`, the WIT error case (for example `denied`), or `fault` when the host itself failed. */
  outcome: z.string(),
});
export type HostCallRecord = z.infer<typeof HostCallRecord>;

/** One call of a stack, in the author's own source where that is known; line and column count from 1. */
export const StackFrame = z.object({
  function: z.string(),
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
});
export type StackFrame = z.infer<typeof StackFrame>;

/** What a handler threw and did not catch, as a development build tells it. */
export const GuestException = z.object({
  /** `TypeError: boom` */
  message: z.string(),
  /** The innermost call first. */
  stack: z.array(StackFrame),
});
export type GuestException = z.infer<typeof GuestException>;

/** Why a guest did not answer: a limit, a trap, an import, a cancel. */
export const Fault = z.object({
  /** Stable, for example `guest.timeout`. */
  code: z.string(),
  message: z.string(),
  /** The whole chain of causes, for the curious. */
  detail: z.string(),
  /** What the guest wrote to standard error before it ended. */
  stderr: z.string().optional(),
  exception: GuestException.optional(),
});
export type Fault = z.infer<typeof Fault>;

/** Limits of one run; what is left out takes the runner's default. */
export interface ExecutionLimits {
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
}

/** One finished run: a response or a fault, and everything seen on the way. */
export interface Execution {
  readonly response?: ExecuteResponse;
  readonly fault?: Fault;
  readonly durationMs: number;
  readonly peakMemoryBytes: number;
  readonly logs: readonly LogLine[];
  readonly hostCalls: readonly HostCallRecord[];
}

/** A host call as a capability sees it: WIT names in kebab-case, argument keys in camelCase. */
export interface HostCall {
  readonly interface: string;
  readonly function: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The byte argument (http body, storage value, ui-proxy payload); absent is `none`. */
  readonly bytes?: Uint8Array;
}

/** `{ok}`/`{err}` for functions with a WIT result, the plain value otherwise. */
export interface HostReply {
  readonly value: unknown;
  readonly bytes?: Uint8Array;
  /** Why, for the author: what the platform keeps to itself behind an error case. Never reaches the guest. */
  readonly note?: string;
}

/** Answers the host calls of one run. */
export type HostFunctions = (call: HostCall) => Promise<HostReply>;
