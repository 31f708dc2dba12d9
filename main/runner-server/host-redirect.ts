import type { BundleName } from './bundles.ts';
import type { HostLookup, InstallRegistry } from './install-registry.ts';

/** What `GET /` answers: a place to go, or a status with a sentence. */
export type HostAnswer =
  { readonly location: string } | { readonly status: 400 | 404 | 502 | 503; readonly text: string };

type NoInstall = Exclude<HostLookup, BundleName>;
const REFUSALS: Readonly<Record<NoInstall, HostAnswer>> = {
  unconfigured: { status: 503, text: 'REGISTRY_BASE_URL is not set to an address.' },
  unknown: { status: 404, text: 'The registry knows no install for this host.' },
  unreachable: { status: 502, text: 'The registry cannot be reached, or its answer cannot be read.' },
};

/**
 * Resolves a Host header to the address of an install's UI (spec 4.1, row `GET /`). Parameters of the incoming query
 * are dropped, as on the platform. Never rejects.
 */
export async function redirectOf(registry: InstallRegistry, host: string): Promise<HostAnswer> {
  if (host === '') return { status: 400, text: 'There is no Host header.' };
  const found = await registry.lookup(host);
  return typeof found === 'string' ? REFUSALS[found] : { location: uiAddress(found) };
}

function uiAddress({ tenantId: tenant, registryId: extensionId, contentHash }: BundleName): string {
  const query = new URLSearchParams({ tenant, extensionId }).toString();
  // Encoded, so that an answer of the registry cannot lead to another place; the colon of the hash stays as it is.
  const path = [extensionId, contentHash].map(part => encodeURIComponent(part).replace('%3A', ':')).join('/');
  return `/ext-ui/${path}/index.html?${query}`;
}
