import { z } from 'zod';

export const Severity = z.enum(['error', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

/** A one-click remedy; `id` is given back to apply it. */
export const Fix = z.object({ id: z.string(), title: z.string() });
export type Fix = z.infer<typeof Fix>;

/** Something about a project that the author should know, at its place in the author's own source. */
export const Problem = z.object({
  /** Stable id of the rule, for example `manifest.unknown-field`. */
  code: z.string(),
  severity: Severity,
  message: z.string(),
  /** Path relative to the project folder, with forward slashes. */
  file: z.string().optional(),
  /** 1-based. */
  line: z.number().int().positive().optional(),
  /** 1-based. */
  column: z.number().int().positive().optional(),
  /** What to do, one or two sentences. */
  help: z.string().optional(),
  /** A few lines of the source around the place, with a marker under the column. */
  frame: z.string().optional(),
  fix: Fix.optional(),
});
export type Problem = z.infer<typeof Problem>;
