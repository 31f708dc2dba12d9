import { z } from 'zod';

/** What the child is asked to serve, in its one message. */
export const Order = z.object({
  /** The project, absolute. */
  folder: z.string(),
  /** Path below which everything is served; slashes at both ends. */
  base: z.string(),
  /** Port of the gateway, through which browsers reach the server. */
  clientPort: z.number().int(),
});
export type Order = z.infer<typeof Order>;

/** What the child answers, once. */
export const Outcome = z.union([
  z.object({ port: z.number().int(), version: z.string() }),
  z.object({ failure: z.string() }),
]);
export type Outcome = z.infer<typeof Outcome>;
