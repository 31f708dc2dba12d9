import { z } from 'zod';
import { BuildKind, BuildState } from './build.ts';

/** A template that can become a new extension. */
export const Template = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
});
export type Template = z.infer<typeof Template>;

/** What an extension's folder holds that decides how it is built. */
export const ProjectShape = z.object({
  hasHandler: z.boolean(),
  hasUi: z.boolean(),
  hasPackageJson: z.boolean(),
  /** The project's own `scripts.build`, when it is one that we must run (spec 11.2 rule 5). */
  buildScript: z.string().optional(),
});
export type ProjectShape = z.infer<typeof ProjectShape>;

/** An open project as the window shows it. */
export const ProjectView = z.object({
  id: z.string(),
  folder: z.string(),
  name: z.string(),
  /** How the handler is to run while the project is open. */
  kind: BuildKind,
  version: z.string().optional(),
  build: BuildState,
  /** Set once a build was installed for the local tenant. */
  registryId: z.string().optional(),
  errorCount: z.number().int(),
  warningCount: z.number().int(),
});
export type ProjectView = z.infer<typeof ProjectView>;
