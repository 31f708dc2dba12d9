import { z } from 'zod';
import { ERRORS, toErrorValue, WorkbenchError, type ErrorCode } from '../../contract/index.ts';
import { codeOf } from './failures.ts';

/** What the child is asked to do, in its one message. */
export const Request = z.union([
  z.object({
    entries: z.array(
      z.object({
        path: z.string(),
        source: z.union([z.string(), z.custom<Uint8Array>(value => value instanceof Uint8Array)]),
      }),
    ),
    outFile: z.string(),
  }),
  z.object({ bundleFile: z.string(), cacheDir: z.string() }),
]);
export type Request = z.infer<typeof Request>;

const Failure = z.object({
  code: z.custom<ErrorCode>(code => typeof code === 'string' && code in ERRORS),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
  /** Code of the system's error that caused it: a full disk has to be known as such. */
  systemCode: z.string().optional(),
});

/** What the child answers, once. */
export const Reply = z.union([z.object({ value: z.unknown() }), z.object({ failure: Failure })]);
export type Reply = z.infer<typeof Reply>;

/** A failure as it crosses; what was not foreseen becomes `internal.unexpected`. */
export function failureReply(error: unknown): Reply {
  const { code, message, details } = toErrorValue(error);
  const cause = codeOf(error instanceof WorkbenchError ? error.cause : error);
  return {
    failure: {
      code,
      message,
      ...(details && { details }),
      ...(cause !== undefined && { systemCode: cause }),
    },
  };
}

/** The error that {@link failureReply} was made of. */
export function failureOf({ code, message, details, systemCode }: z.infer<typeof Failure>): WorkbenchError {
  const cause =
    systemCode === undefined ? undefined : Object.assign(new Error(message), { code: systemCode });
  return new WorkbenchError(code, { message, ...(details && { details }), cause });
}
