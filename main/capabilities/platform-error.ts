/** A refusal of the platform's server side as the runner receives it (spec section 9.0). */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  /** HTTP status of the answer. */
  readonly status: number;
  /** Messages by field, where the server gives them. */
  readonly fieldErrors: Readonly<Record<string, string>> | undefined;

  constructor(
    status: number,
    message: string,
    options: ErrorOptions & { fieldErrors?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options);
    this.status = status;
    this.fieldErrors = options.fieldErrors;
  }
}

/** A 400 on one field; the field's message is the answer's, too. */
export function fieldError(field: string, message: string): PlatformError {
  return new PlatformError(400, message, { fieldErrors: { [field]: message } });
}

/** The refusal in `error`; the database's own failures count as the server's (500). Throws what is neither: a fault of ours. */
export function asPlatformError(error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof Error && error.name === 'SqliteError') {
    return new PlatformError(500, error.message, { cause: error });
  }
  throw error;
}

/** What stands in the author's notes of an answer whose message the runner keeps to itself. */
export function noteOf({ status, message, fieldErrors }: PlatformError): string {
  const fields = fieldErrors ? ` ${JSON.stringify(fieldErrors)}` : '';
  return `HTTP ${status}: ${message}${fields}`;
}
