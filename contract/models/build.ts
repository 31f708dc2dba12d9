import { z } from 'zod';
import { Problem } from './problem.ts';

/** The steps of a build, in order. A project that lacks a part skips its step. */
export const STAGE_NAMES = [
  'check',
  'dependencies',
  'script',
  'handler',
  'component',
  'ui',
  'pack',
  'compile',
  'install',
] as const;
export const StageName = z.enum(STAGE_NAMES);
export type StageName = z.infer<typeof StageName>;

export const BuildStage = z.object({
  name: StageName,
  /** Wall time in milliseconds. */
  ms: z.number(),
  /** True when the result of an earlier build with the same inputs was used. */
  cached: z.boolean(),
});
export type BuildStage = z.infer<typeof BuildStage>;

export const BuiltFile = z.object({ path: z.string(), bytes: z.number().int() });
export const BundleInfo = BuiltFile.extend({
  /** `sha256:` and 64 lowercase hex digits over the compressed file (spec 1.4). */
  contentHash: z.string(),
});
export type BundleInfo = z.infer<typeof BundleInfo>;

export const BuiltComponent = BuiltFile.extend({
  /** Finds the loaded source for a development run, while the engine templates keep it. */
  sourceId: z.string().optional(),
});
export type BuiltComponent = z.infer<typeof BuiltComponent>;

/** Outcome of one build. `ok` is true exactly when `bundle` is there and no problem is an error. */
export const BuildResult = z.object({
  ok: z.boolean(),
  stages: z.array(BuildStage),
  component: BuiltComponent.optional(),
  bundle: BundleInfo.optional(),
  problems: z.array(Problem),
});
export type BuildResult = z.infer<typeof BuildResult>;

/** Where a project's build stands, for the window. */
export const BuildState = z.object({
  status: z.enum(['never', 'building', 'ok', 'failed', 'cancelled']),
  /** The stage that runs now. */
  running: StageName.optional(),
  stages: z.array(BuildStage),
  problems: z.array(Problem),
  /** Epoch milliseconds of the end of the last finished build. */
  finishedAt: z.number().optional(),
  /** Whole time of the last finished build in milliseconds. */
  ms: z.number().optional(),
  /** What is installed and answers now: the last good build, also while a newer one fails. */
  liveHash: z.string().optional(),
});
export type BuildState = z.infer<typeof BuildState>;
