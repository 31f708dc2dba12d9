import { z } from 'zod';

/** What the addon tells of a source that it could not load. */
export const SourceFailure = z.object({
  code: z.literal('source.failed'),
  kind: z.enum(['exception', 'missing-export', 'host-call', 'trap']),
  /** The exception's own text, or the function that was called. */
  reason: z.string(),
  /** `line:column` in the source, innermost first. */
  places: z.array(z.string()),
  /** All that the engine wrote. */
  output: z.string(),
});
export type SourceFailure = z.infer<typeof SourceFailure>;

/** The failure that an error of the addon carries; nothing when it is another error. */
export function sourceFailure(error: unknown): SourceFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, kind, reason, places, output } = error as Error & Partial<SourceFailure>;
  return SourceFailure.safeParse({ code, kind, reason, places, output }).data;
}

/** The code of an error of the addon. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The failure in the words of the official tool, which the reports on a handler go by. */
export function inToolWords({ kind, reason, output }: SourceFailure): string {
  if (kind !== 'host-call') return output;
  const dot = reason.lastIndexOf('.');
  const [module, name] = [reason.slice(0, dot), reason.slice(dot + 1)];
  return `Failed to initialize component\nunknown imported function: '${module}' '${name}'`;
}
