import { rm } from 'node:fs/promises';
import { WorkbenchError, type ErrorCode } from '../../contract/index.ts';

/** The `code` of a system or zlib error; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Any failure as a coded error: coded ones stay, an abort becomes `build.cancelled`, the rest gets `code`.
 *
 * @param details facts for the reader, such as the path; the cause's text is added
 */
export function asWorkbenchError(
  error: unknown,
  code: ErrorCode,
  details: Readonly<Record<string, unknown>>,
): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  if (error instanceof Error && error.name === 'AbortError')
    return new WorkbenchError('build.cancelled', { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkbenchError(code, { details: { ...details, reason }, cause: error });
}

/** Removes rests of work that failed or is done. What went wrong before matters more than that they stay. */
export async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
