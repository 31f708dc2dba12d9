import {
  IMMUTABLE,
  OPAQUE_SANDBOX,
  percentDecode,
  splitTarget,
  uiContentPolicy,
  UiFiles,
  uiText,
  type UiAnswer,
} from '../hosting/index.ts';
import type { ResolvedInstall } from '../registry/index.ts';

/** A request for a file of an extension's UI. */
export interface UiRequest {
  /** Raw request target, `/ext-ui/<registry id>/<content hash>/<path>?…`. */
  readonly rawUrl: string;
  readonly tenantHeader?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  /** Registry id that the Host header stands for; absent on the main site. */
  readonly hostRegistryId?: string | undefined;
}

export interface UiServerOptions {
  readonly tenantId: () => string;
  readonly resolve: (registryId: string) => ResolvedInstall | undefined;
  /** Origins that may embed an extension's HTML; asked for late, they hold the gateway's port. */
  readonly frameAncestors: () => readonly string[];
  /** Larger files are refused with 413; absent is no limit, as on the platform (spec 1.7). */
  readonly maxFileBytes?: number | undefined;
}

const HINTS_KEPT = 1000;

/**
 * Serves extensions' UI files in the order of checks of spec 5.2. Deviations: a host serves only its own
 * extension, so that two never share an origin; and on the main site every answer carries a sandbox policy and
 * `x-xwb-build`, so that what an extension wrote is never same-origin with the host page.
 */
export class UiServer {
  readonly #options: UiServerOptions;
  readonly #files = new UiFiles();
  /** Extensions and hashes asked for with a tenant; their sub-resources come without one (spec 5.2). */
  readonly #hints = new Set<string>();

  constructor(options: UiServerOptions) {
    this.#options = options;
  }

  /** Where a host's root leads (spec 4.1). The query that came in, `parentOrigin` included, is lost as in production. */
  rootRedirect(install: ResolvedInstall): UiAnswer {
    const query = new URLSearchParams({ tenant: install.tenantId, extensionId: install.registryId });
    const location = `/ext-ui/${install.registryId}/${install.buildHash}/index.html?${query.toString()}`;
    return { status: 307, headers: { ...IMMUTABLE, location }, text: '' };
  }

  /** Answers one request; rejects only when an installed file cannot be read. */
  async answer(request: UiRequest): Promise<UiAnswer> {
    const { path, query } = splitTarget(request.rawUrl);
    const [, , id = '', encodedHash = '', ...rest] = path.split('/');
    const hash = percentDecode(encodedHash) ?? '';
    if (!/^sha256:[0-9a-f]+$/i.test(hash)) return uiText(400, 'invalid content hash');
    const install = this.#admit(
      request,
      percentDecode(id) ?? '',
      hash,
      new URLSearchParams(query).get('tenant'),
    );
    if (install === undefined) return uiText(404, 'not found');
    return this.#file(rest.join('/'), request, install);
  }

  /** Steps 2 and 3 of spec 5.2: the tenant, and whether it serves this hash. A disabled install does (spec 8). */
  #admit(
    request: UiRequest,
    id: string,
    hash: string,
    tenantQuery: string | null,
  ): ResolvedInstall | undefined {
    const hint = `${id}|${hash}`;
    const given = (tenantQuery ?? '') || (request.tenantHeader ?? '');
    const known = this.#hints.has(hint) || request.hostRegistryId !== undefined;
    const tenant = given || (known ? this.#options.tenantId() : '');
    if (tenant === '' || tenant !== this.#options.tenantId()) return undefined;
    if (request.hostRegistryId !== undefined && request.hostRegistryId !== id) return undefined;
    const install = this.#options.resolve(id);
    if (install?.registryId !== id || install.buildHash !== hash.toLowerCase()) return undefined;
    if (this.#hints.size >= HINTS_KEPT) this.#hints.clear();
    this.#hints.add(hint);
    return install;
  }

  #file(encodedPath: string, request: UiRequest, install: ResolvedInstall): Promise<UiAnswer> {
    const onMainSite = request.hostRegistryId === undefined;
    return this.#files.answer({
      uiDir: install.uiDir,
      encodedPath,
      ifNoneMatch: request.ifNoneMatch,
      maxFileBytes: this.#options.maxFileBytes,
      policyOf: type => this.#policyOf(type, onMainSite),
      ...(onMainSite && { moreHeaders: { 'x-xwb-build': install.buildHash } }),
    });
  }

  #policyOf(mediaType: string, onMainSite: boolean): string | undefined {
    const policies = [
      ...(mediaType === 'text/html'
        ? [uiContentPolicy({ frameAncestors: this.#options.frameAncestors() })]
        : []),
      ...(onMainSite ? [OPAQUE_SANDBOX] : []),
    ];
    return policies.length > 0 ? policies.join('; ') : undefined;
  }
}
