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

/** Outcome of one build. `ok` is true exactly when `bundle` is there and no problem is an error. */
export const BuildResult = z.object({
  ok: z.boolean(),
  stages: z.array(BuildStage),
  component: BuiltFile.optional(),
  bundle: BundleInfo.optional(),
  problems: z.array(Problem),
});
export type BuildResult = z.infer<typeof BuildResult>;

/**
 * How the handler of an open project runs. `release` is exactly what is published. `development` is the same engine and
 * code with its console on: `console.*` and what it says of an uncaught exception come through.
 */
export const BuildKind = z.enum(['release', 'development']);
export type BuildKind = z.infer<typeof BuildKind>;

/** The build that answers calls now: the last good one, also while a newer one fails. */
export const LiveBuild = z.object({
  /** `sha256:` and 64 hex digits: of the bundle, or of the sources while the bundle of a save is still being packed. */
  hash: z.string(),
  kind: BuildKind,
  /** Epoch milliseconds from which on it answered. */
  since: z.number(),
  /** From the change on disk to then, in milliseconds. */
  ms: z.number(),
  /** Why saving this project takes a whole build. */
  slow: z.string().optional(),
  /** The server of the project's own that makes its pages as they are asked for, by name and version; else they are built. */
  pagesFrom: z.string().optional(),
});
export type LiveBuild = z.infer<typeof LiveBuild>;

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
  live: LiveBuild.optional(),
  /** What answers already is still being packed and installed. */
  packing: z.boolean().optional(),
});
export type BuildState = z.infer<typeof BuildState>;
