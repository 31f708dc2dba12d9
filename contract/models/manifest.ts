import { z } from 'zod';

/** Capabilities the platform knows (spec/alga-platform.md 2.5). */
export const CAPABILITIES = [
  'cap:context.read',
  'cap:log.emit',
  'cap:user.read',
  'cap:secrets.get',
  'cap:http.fetch',
  'cap:storage.kv',
  'cap:ui.proxy',
  'cap:scheduler.manage',
  'cap:invoice.manual.create',
  'cap:client.read',
  'cap:service.read',
] as const;
export const Capability = z.enum(CAPABILITIES);
export type Capability = z.infer<typeof Capability>;

/** Granted to every install, declared or not (spec 2.5). */
export const DEFAULT_CAPABILITIES = [
  'cap:context.read',
  'cap:log.emit',
  'cap:user.read',
] as const satisfies readonly Capability[];

/** Top-level fields of manifest.json that the platform knows; any other is refused (spec 2.3). */
export const MANIFEST_FIELDS: readonly string[] = [
  'name',
  'publisher',
  'version',
  'runtime',
  'capabilities',
  'ui',
  'api',
  'assets',
  'precompiled',
];

/** A declared endpoint after normalising (spec 2.4, 2.6). */
export const Endpoint = z.object({ method: z.string(), path: z.string(), handler: z.string() });
export type Endpoint = z.infer<typeof Endpoint>;

/** A manifest as the platform stores it: valid, normalised (spec 2.2 to 2.4). */
export const Manifest = z.object({
  name: z.string(),
  publisher: z.string().optional(),
  version: z.string(),
  runtime: z.string(),
  /** As declared; names the platform does not know are kept here and dropped at install. */
  capabilities: z.array(z.string()),
  ui: z
    .object({
      type: z.literal('iframe'),
      entry: z.string(),
      hooks: z.object({ appMenu: z.string().optional(), clientPortalMenu: z.string().optional() }),
    })
    .optional(),
  endpoints: z.array(Endpoint),
});
export type Manifest = z.infer<typeof Manifest>;
