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
import type { PageServerAddress, ResolvedInstall } from '../registry/index.ts';

/** What is passed on to the server that answers for an extension's pages. */
export interface PassedOn {
  readonly server: PageServerAddress;
  /** Path and query, below the server's base. */
  readonly target: string;
  /** The policy of a page, with scripts of the server's own. */
  readonly policyOf: (moreScripts: readonly string[]) => string;
}

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
/** Stands where a content hash does, in the addresses of what has none: what a page server makes as it is asked. */
const SERVED = 'served';

/** There may be a server again at any time. */
function notServed(): UiAnswer {
  const { headers, ...answer } = uiText(404, 'not found');
  return { ...answer, headers: { ...headers, 'cache-control': 'no-store' } };
}

/** Base of the addresses of an extension whose pages come from a server; slashes at both ends. */
export function pageServerBase(registryId: string): string {
  return `/ext-ui/${registryId}/${SERVED}/`;
}

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

  /** Answers one request or passes it on; rejects only when an installed file cannot be read. */
  async answer(request: UiRequest): Promise<UiAnswer | PassedOn> {
    const { path, query } = splitTarget(request.rawUrl);
    const [, , id = '', encodedHash = '', ...rest] = path.split('/');
    if (encodedHash === SERVED) return this.#served(request) ?? notServed();
    const hash = percentDecode(encodedHash) ?? '';
    if (!/^sha256:[0-9a-f]+$/i.test(hash)) return uiText(400, 'invalid content hash');
    const install = this.#admit(
      request,
      percentDecode(id) ?? '',
      hash,
      new URLSearchParams(query).get('tenant'),
    );
    if (install === undefined) return uiText(404, 'not found');
    const { pageServer } = install;
    if (!pageServer) return this.#file(rest.join('/'), request, install);
    const search = query === '' ? '' : `?${query}`;
    return this.#passOn(request, pageServer, `${pageServer.base}${rest.join('/')}${search}`);
  }

  /** The address of a page server that a socket was opened for: only pages of that extension do (RFC 6455 10.2). */
  socketTarget(request: UiRequest, origin: string | undefined, ownOrigin: string): PassedOn | undefined {
    return origin === ownOrigin ? this.#served(request) : undefined;
  }

  /** What a page that came from its server loads from there; nobody but that page's own host gives it out. */
  #served(request: UiRequest): PassedOn | undefined {
    const { hostRegistryId, rawUrl } = request;
    const server =
      hostRegistryId === undefined ? undefined : this.#options.resolve(hostRegistryId)?.pageServer;
    return server && rawUrl.startsWith(server.base) ? this.#passOn(request, server, rawUrl) : undefined;
  }

  #passOn(request: UiRequest, server: PageServerAddress, target: string): PassedOn {
    const onMainSite = request.hostRegistryId === undefined;
    return { server, target, policyOf: moreScripts => this.#pagePolicy(onMainSite, moreScripts) };
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
    if (mediaType === 'text/html') return this.#pagePolicy(onMainSite);
    return onMainSite ? OPAQUE_SANDBOX : undefined;
  }

  #pagePolicy(onMainSite: boolean, moreScripts: readonly string[] = []): string {
    const page = uiContentPolicy({ frameAncestors: this.#options.frameAncestors(), moreScripts });
    return onMainSite ? `${page}; ${OPAQUE_SANDBOX}` : page;
  }
}
