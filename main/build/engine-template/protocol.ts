import { z } from 'zod';

/** Engine features that a world may go without. */
export const Feature = z.enum(['stdio', 'random', 'clocks', 'http', 'fetch-event']);
export type Feature = z.infer<typeof Feature>;

/** What the process that makes a template is asked to do. */
export const TemplateRequest = z.object({
  /** Folder to write the ingredients to; it exists. */
  folder: z.string(),
  /** Text of the WIT package. */
  wit: z.string(),
  world: z.string(),
  disabledFeatures: z.array(Feature),
  /** What the template is to be known by. */
  key: z.string(),
  /** Epoch milliseconds at which the clock of the components stands still. */
  madeAtMs: z.number().int().nonnegative(),
});
export type TemplateRequest = z.infer<typeof TemplateRequest>;

/** What it says while it works. */
export const TemplateProgress = z.object({ progress: z.string() });
export type TemplateProgress = z.infer<typeof TemplateProgress>;

/** What it answers, once. */
export const TemplateReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({
    ok: z.literal(false),
    /** The tool's own words. */
    message: z.string(),
    /** There was no space left to write to; nothing is said of the world. */
    full: z.boolean(),
  }),
]);
export type TemplateReply = z.infer<typeof TemplateReply>;

/** The ingredients, as `Builder.sealTemplate` of the native addon expects them. */
export const INGREDIENTS = {
  recipe: 'recipe.json',
  engine: 'engine.wasm',
  initializer: 'initializer.js',
  component: 'component.wasm',
  stubbed: 'stubbed.wasm',
  adapter: 'adapter.wasm',
} as const;
