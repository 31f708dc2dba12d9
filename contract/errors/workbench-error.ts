import { ERRORS, type ErrorCode } from './catalogue.ts';

/** An error as it crosses a boundary (IPC, CLI JSON, HTTP): plain data, safe to show and to log. */
export interface ErrorValue {
  readonly code: ErrorCode;
  /** One sentence for a person. */
  readonly message: string;
  /** What to do about it. */
  readonly next: string;
  /** Facts that help (paths, limits, the underlying error's text); never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Every expected failure of the workbench. `code` is stable and listed in {@link ERRORS};
 * the catalogue's sentence may be made specific with `message`.
 */
export class WorkbenchError extends Error {
  override readonly name = 'WorkbenchError';
  readonly code: ErrorCode;
  readonly next: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: ErrorCode,
    options: { message?: string; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(
      options.message ?? ERRORS[code].message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.next = ERRORS[code].next;
    this.details = options.details;
  }

  /** The plain form that crosses IPC and is printed by the command line. */
  toValue(): ErrorValue {
    return {
      code: this.code,
      message: this.message,
      next: this.next,
      ...(this.details && { details: this.details }),
    };
  }
}

/** Any thrown value as an {@link ErrorValue}; what was not foreseen becomes `internal.unexpected`. */
export function toErrorValue(error: unknown): ErrorValue {
  if (error instanceof WorkbenchError) return error.toValue();
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal.unexpected', message, next: ERRORS['internal.unexpected'].next };
}
