/** Codes of "nothing more can be written": the disk, the user's share of it, the largest file; the addon's for all. */
const CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'build.disk-full']);

/** How programs that the tools start say the same. */
const WORDS = /\bos error (?:27|28|122)\b/;

/** Whether something failed, by itself or by what caused it, because there is no space left to write to. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && CODES.has(String(error.code))) return true;
  return isDiskFull(error.cause);
}

/** Whether a tool failed for want of space: by {@link isDiskFull}, or in the words of a program that it started. */
export function toolFoundDiskFull(error: unknown): boolean {
  return isDiskFull(error) || (error instanceof Error && WORDS.test(error.message));
}
