import { z } from 'zod';
import type { BundleName } from './bundles.ts';

const LOOKUP_MS = 5_000;
/** The platform's budget for a validation, and how long and how many outcomes it keeps (spec 5.2). */
const VALIDATION_MS = 750;
const KEPT_MS = 45_000;
const MOST_KEPT = 10_000;

const Install = z.object({ tenant_id: z.string(), extension_id: z.string(), content_hash: z.string() });
const Validity = z.object({ valid: z.boolean() });

/** What a registry says about a host: the bundle it stands for, or why there is none to be had. */
export type HostLookup = BundleName | 'unknown' | 'unreachable' | 'unconfigured';

/** The registry that knows which installs there are (spec 4.10, 5.2). Neither question rejects. */
export interface InstallRegistry {
  /** The install that a host name stands for. */
  lookup(host: string): Promise<HostLookup>;
  /** Whether tenant and extension serve this hash; undefined where no registry can be asked. */
  validate(name: BundleName): Promise<boolean | undefined>;
}

/** A registry over HTTP: `GET <origin>/api/installs/…` with `x-api-key`; only the origin of the base counts. */
export class RemoteRegistry implements InstallRegistry {
  readonly #base: URL | undefined;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly valid: Promise<boolean>; readonly until: number }>();

  /**
   * @param base `REGISTRY_BASE_URL`; absent or no web address is "not configured"
   * @param now milliseconds on any clock
   */
  constructor(base: string | undefined, apiKey: string | undefined, now: () => number = Date.now) {
    const url = base === undefined ? null : URL.parse(base);
    this.#base = url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
    this.#headers = apiKey === undefined ? {} : { 'x-api-key': apiKey };
    this.#now = now;
  }

  async lookup(host: string): Promise<HostLookup> {
    if (this.#base === undefined) return 'unconfigured';
    try {
      const response = await this.#ask(this.#base, 'lookup-by-host', { host }, LOOKUP_MS);
      if (!response.ok) {
        await response.body?.cancel();
        return 'unknown';
      }
      const install = Install.parse(await response.json());
      return {
        tenantId: install.tenant_id,
        registryId: install.extension_id,
        contentHash: install.content_hash,
      };
    } catch {
      return 'unreachable';
    }
  }

  /** Outcomes are kept for 45 s, failures included. */
  validate(name: BundleName): Promise<boolean | undefined> {
    if (this.#base === undefined) return Promise.resolve(undefined);
    const id = `${name.tenantId} ${name.registryId} ${name.contentHash}`;
    const kept = this.#kept.get(id);
    if (kept !== undefined && kept.until > this.#now()) return kept.valid;
    const valid = this.#isValid(this.#base, name);
    this.#kept.delete(id);
    this.#kept.set(id, { valid, until: this.#now() + KEPT_MS });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
    return valid;
  }

  async #isValid(base: URL, { tenantId, registryId, contentHash }: BundleName): Promise<boolean> {
    try {
      const query = { tenant: tenantId, extension: registryId, hash: contentHash };
      const response = await this.#ask(base, 'validate', query, VALIDATION_MS);
      return response.ok && Validity.parse(await response.json()).valid;
    } catch {
      return false;
    }
  }

  #ask(base: URL, route: string, query: Readonly<Record<string, string>>, ms: number): Promise<Response> {
    const address = new URL(`/api/installs/${route}`, base);
    address.search = new URLSearchParams({ ...query, ts: String(Date.now()) }).toString();
    return fetch(address, { headers: this.#headers, signal: AbortSignal.timeout(ms) });
  }
}
