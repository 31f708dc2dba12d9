import { z } from 'zod';
import { BuildResult, BundleInfo, Problem, Template } from '../../contract/index.ts';

// What the command line promises with --json: other tools rely on these shapes, so nothing may be missing or extra.

export const TemplatesDocument = z.strictObject({ templates: z.array(Template.strict()) });
export const CheckDocument = z.strictObject({ ok: z.boolean(), problems: z.array(Problem.strict()) });
export const BuildDocument = BuildResult.strict();
export const PackDocument = BundleInfo.strict();
export const RunDocument = z.strictObject({
  requestId: z.string(),
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body_b64: z.string().nullable(),
  error: z.string().nullable(),
  durationMs: z.number(),
  logs: z.array(z.strictObject({ level: z.string(), message: z.string() })),
  hostCalls: z.array(
    z.strictObject({
      interface: z.string(),
      function: z.string(),
      durationMs: z.number(),
      outcome: z.string(),
    }),
  ),
  diagnostics: z.array(z.strictObject({ code: z.string(), severity: z.string(), message: z.string() })),
});
export type RunDocument = z.infer<typeof RunDocument>;
export const ErrorDocument = z.object({
  error: z.object({ code: z.string(), message: z.string(), next: z.string() }),
});
export const ServeDocument = z.strictObject({
  url: z.string(),
  runnerUrl: z.string(),
  tenant: z.string(),
  apiKey: z.string(),
  extensions: z.array(
    z.strictObject({
      name: z.string(),
      registryId: z.string(),
      previewUrl: z.string(),
      uiUrl: z.string().nullable(),
    }),
  ),
});
export type Served = z.infer<typeof ServeDocument>;

/** The JSON body of a run. */
export function bodyOf(run: RunDocument): unknown {
  return JSON.parse(Buffer.from(run.body_b64 ?? '', 'base64').toString('utf8'));
}
