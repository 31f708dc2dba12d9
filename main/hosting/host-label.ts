/**
 * Name of an extension's own host below `localhost`: the first eight hex digits of the tenant's and of the
 * registry UUID with one hyphen between (spec 8, "Runner domain").
 */
export function extensionHostLabel(tenantId: string, registryId: string): string {
  return `${firstEight(tenantId)}-${firstEight(registryId)}`;
}

function firstEight(uuid: string): string {
  return uuid.replaceAll('-', '').slice(0, 8).toLowerCase();
}
