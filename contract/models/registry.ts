import { z } from 'zod';
import { Endpoint } from './manifest.ts';

/** A user of the local tenant. `internal` users work for the MSP, `client` users for one of its clients (spec 6.5). */
export const User = z.object({
  userId: z.string(),
  email: z.string(),
  name: z.string(),
  userType: z.enum(['internal', 'client']),
  clientId: z.string().optional(),
  /** Contact id, username, locale, timezone as far as known (spec 6.5). */
  additionalFields: z.record(z.string(), z.string()),
  /** Platform permissions that the gateway asks for (spec 6.3). */
  permissions: z.array(z.enum(['extension:read', 'extension:write'])),
});
export type User = z.infer<typeof User>;

export const Tenant = z.object({ tenantId: z.string(), clientName: z.string() });
export type Tenant = z.infer<typeof Tenant>;

/** Who the gateway takes the caller to be. `user` absent means signed out. */
export const SessionView = z.object({
  tenant: Tenant,
  users: z.array(User),
  currentUserId: z.string().optional(),
});
export type SessionView = z.infer<typeof SessionView>;

/** One installed extension with what the window lists of it. */
export const InstallView = z.object({
  installId: z.string(),
  registryId: z.string(),
  versionId: z.string(),
  name: z.string(),
  publisher: z.string(),
  version: z.string(),
  /** Of the bundle that is installed. */
  contentHash: z.string(),
  /** Of the build that answers; while its project is open, a save answers before it is packed. */
  buildHash: z.string(),
  enabled: z.boolean(),
  capabilities: z.array(z.string()),
  endpoints: z.array(Endpoint),
  hasUi: z.boolean(),
  menuLabel: z.string().optional(),
  /** Every bundle kept for this extension, newest first. */
  bundles: z.array(
    z.object({
      version: z.string(),
      contentHash: z.string(),
      createdAt: z.number(),
      current: z.boolean(),
    }),
  ),
  config: z.record(z.string(), z.string()),
  /** Names only: a secret's value never leaves the main process. */
  secretNames: z.array(z.string()),
  previewUrl: z.string(),
  uiUrl: z.string().optional(),
});
export type InstallView = z.infer<typeof InstallView>;
