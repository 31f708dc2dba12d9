import { z } from 'zod';

const TIMEOUT_MS = 5_000;
const Install = z.object({ tenant_id: z.string(), extension_id: z.string(), content_hash: z.string() });

/** The registry that knows which install a host name stands for (spec 4.10, 5.2). */
export interface HostRegistry {
  /** `REGISTRY_BASE_URL`; absent or no URL is "not configured". */
  readonly base: string | undefined;
  /** Sent as `x-api-key` when there is one. */
  readonly apiKey: string | undefined;
}

/** What `GET /` answers: a place to go, or a status with a sentence. */
export type HostAnswer =
  { readonly location: string } | { readonly status: 400 | 404 | 502 | 503; readonly text: string };

/**
 * Resolves a Host header to the address of an install's UI (spec 4.1, row `GET /`). Parameters of the incoming query
 * are dropped, as on the platform. Never rejects.
 */
export async function redirectOf(registry: HostRegistry, host: string): Promise<HostAnswer> {
  if (host === '') return { status: 400, text: 'There is no Host header.' };
  const address = lookupAddress(registry.base, host);
  if (address === undefined) return { status: 503, text: 'REGISTRY_BASE_URL is not set to an address.' };
  try {
    const response = await fetch(address, {
      headers: registry.apiKey === undefined ? {} : { 'x-api-key': registry.apiKey },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { status: 404, text: 'The registry knows no install for this host.' };
    }
    const install = Install.parse(await response.json());
    return { location: uiAddress(install) };
  } catch {
    return { status: 502, text: 'The registry cannot be reached, or its answer cannot be read.' };
  }
}

/** The registry's lookup; the path of the base is replaced, so only its origin counts (spec 4.10). */
function lookupAddress(base: string | undefined, host: string): URL | undefined {
  const origin = base === undefined ? null : URL.parse(base);
  if (origin?.protocol !== 'http:' && origin?.protocol !== 'https:') return undefined;
  const address = new URL('/api/installs/lookup-by-host', origin);
  address.search = new URLSearchParams({ host, ts: String(Date.now()) }).toString();
  return address;
}

function uiAddress(install: z.infer<typeof Install>): string {
  const { tenant_id: tenant, extension_id: extensionId, content_hash: hash } = install;
  const query = new URLSearchParams({ tenant, extensionId }).toString();
  // Encoded, so that an answer of the registry cannot lead to another place; the colon of the hash stays as it is.
  const path = [extensionId, hash].map(part => encodeURIComponent(part).replace('%3A', ':')).join('/');
  return `/ext-ui/${path}/index.html?${query}`;
}
