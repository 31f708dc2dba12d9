import { z } from 'zod';

/** What the child process is asked to do. */
export const ComponentizeRequest = z.object({
  /** The bundled handler; its folder is the child's working folder, and its path has no white space. */
  source: z.string(),
  /** Text of the WIT package. */
  wit: z.string(),
  world: z.string(),
  /** File to write the component to. */
  output: z.string(),
});
export type ComponentizeRequest = z.infer<typeof ComponentizeRequest>;

/** What it answers, once. */
export const ComponentizeReply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), bytes: z.number().int() }),
  z.object({
    ok: z.literal(false),
    /** The tool's own words. */
    message: z.string(),
    /** The tool's words on a second try, in which calls that end the initialisation without a place throw instead. */
    guarded: z.string().optional(),
    /** There was no space left to write to; nothing is said of the source. */
    full: z.boolean(),
  }),
]);
export type ComponentizeReply = z.infer<typeof ComponentizeReply>;

/** Begins the message of what a guarded call throws; the name of the call follows. */
export const GUARD_MARK = 'xwb-top-level:';

/** Stands before the source on that second try, in one line: every place moves down by `GUARD_LINES`. */
export const GUARD = [
  '{const no=(o,k,n)=>{try{Object.defineProperty(o,k,{value(){',
  `throw new Error("${GUARD_MARK}"+n)}})}catch{}};`,
  'no(Math,"random","Math.random()");no(crypto,"randomUUID","crypto.randomUUID()");',
  'no(crypto,"getRandomValues","crypto.getRandomValues()");no(performance,"now","performance.now()")}',
].join('');
export const GUARD_LINES = 1;

/** Engine features that are left out, as in every official build: all (spec/alga-platform.md 3.6). */
export const DISABLED_FEATURES = ['stdio', 'random', 'clocks', 'http', 'fetch-event'] as const;
