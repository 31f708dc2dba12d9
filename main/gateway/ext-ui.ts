import { stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { ResolvedInstall } from '../registry/index.ts';
import { Etags, matchesEtag } from './etags.ts';
import { percentDecode, splitTarget } from './raw-target.ts';
import { OPAQUE_SANDBOX, uiContentPolicy } from './ui-policy.ts';
import { readUiPath, uiMediaType } from './ui-path.ts';

/** A request for a file of an extension's UI. */
export interface UiRequest {
  /** Raw request target, `/ext-ui/<registry id>/<content hash>/<path>?…`. */
  readonly rawUrl: string;
  readonly tenantHeader?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  /** Registry id that the Host header stands for; absent on the main site. */
  readonly hostRegistryId?: string | undefined;
}

/** What to send: headers with either a text or a file. */
export interface UiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly file?: string;
}

export interface UiServerOptions {
  readonly tenantId: () => string;
  readonly resolve: (registryId: string) => ResolvedInstall | undefined;
  /** Origins that may embed an extension's HTML; asked for late, they hold the gateway's port. */
  readonly frameAncestors: () => readonly string[];
  /** Larger files are refused with 413; absent is no limit, as on the platform (spec 1.7). */
  readonly maxFileBytes?: number | undefined;
}

/** On every answer, refusals and redirects included (spec 4.1, 5.4). */
export const IMMUTABLE = { 'cache-control': 'public, max-age=31536000, immutable' } as const;
const HINTS_KEPT = 1000;

/**
 * Serves extensions' UI files in the order of checks of spec 5.2. Deviations: a host serves only its own
 * extension, so that two never share an origin; and on the main site every answer carries a sandbox policy and
 * `x-xwb-build`, so that what an extension wrote is never same-origin with the host page.
 */
export class UiServer {
  readonly #options: UiServerOptions;
  readonly #etags = new Etags();
  /** Extensions and hashes asked for with a tenant; their sub-resources come without one (spec 5.2). */
  readonly #hints = new Set<string>();

  constructor(options: UiServerOptions) {
    this.#options = options;
  }

  /** Where a host's root leads (spec 4.1). The query that came in, `parentOrigin` included, is lost as in production. */
  rootRedirect(install: ResolvedInstall): UiAnswer {
    const query = new URLSearchParams({ tenant: install.tenantId, extensionId: install.registryId });
    const location = `/ext-ui/${install.registryId}/${install.contentHash}/index.html?${query.toString()}`;
    return { status: 307, headers: { ...IMMUTABLE, location }, text: '' };
  }

  /** Answers one request; rejects only when an installed file cannot be read. */
  async answer(request: UiRequest): Promise<UiAnswer> {
    const { path, query } = splitTarget(request.rawUrl);
    const [, , id = '', encodedHash = '', ...rest] = path.split('/');
    const hash = percentDecode(encodedHash) ?? '';
    if (!/^sha256:[0-9a-f]+$/i.test(hash)) return text(400, 'invalid content hash');
    const install = this.#admit(
      request,
      percentDecode(id) ?? '',
      hash,
      new URLSearchParams(query).get('tenant'),
    );
    if (install === undefined) return text(404, 'not found');
    const uiPath = readUiPath(rest.join('/'));
    if (uiPath === undefined) return text(400, 'invalid path');
    const found = install.uiDir === undefined ? undefined : await findFile(install.uiDir, uiPath);
    if (found === undefined) return text(404, 'not found');
    if (found.bytes > (this.#options.maxFileBytes ?? Infinity)) return text(413, 'asset too large');
    return this.#file(found, request, install);
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
    if (install?.registryId !== id || install.contentHash !== hash.toLowerCase()) return undefined;
    if (this.#hints.size >= HINTS_KEPT) this.#hints.clear();
    this.#hints.add(hint);
    return install;
  }

  async #file(found: FoundFile, request: UiRequest, install: ResolvedInstall): Promise<UiAnswer> {
    const etag = await this.#etags.of(found.file);
    const type = uiMediaType(found.file);
    const onMainSite = request.hostRegistryId === undefined;
    const policies = [
      ...(type === 'text/html' ? [uiContentPolicy(this.#options.frameAncestors())] : []),
      ...(onMainSite ? [OPAQUE_SANDBOX] : []),
    ];
    const headers = {
      ...IMMUTABLE,
      etag,
      ...(policies.length > 0 && { 'content-security-policy': policies.join('; ') }),
      ...(onMainSite && { 'x-xwb-build': install.contentHash }),
    };
    if (matchesEtag(request.ifNoneMatch, etag)) return { status: 304, headers, text: '' };
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': type,
        'content-length': String(found.bytes),
        'x-content-type-options': 'nosniff',
      },
      file: found.file,
    };
  }
}

interface FoundFile {
  readonly file: string;
  readonly bytes: number;
}

/** The file of a path, or `index.html` for the root, a directory and a missing file (spec 5.2 step 6). */
async function findFile(uiDir: string, uiPath: string): Promise<FoundFile | undefined> {
  return (uiPath === '' ? undefined : await statFile(uiDir, uiPath)) ?? (await statFile(uiDir, 'index.html'));
}

async function statFile(uiDir: string, uiPath: string): Promise<FoundFile | undefined> {
  const root = resolve(uiDir);
  const file = join(root, ...uiPath.split('/'));
  if (!file.startsWith(root + sep)) return undefined;
  const found = await stat(file).catch(ignoreMissing);
  return found?.isFile() === true ? { file, bytes: found.size } : undefined;
}

/** Codes of "there is no such file": missing, a file where a folder is expected, a name too long for the disk. */
const MISSING: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && MISSING.has(error.code)) return undefined;
  throw error;
}

function text(status: number, body: string): UiAnswer {
  return { status, headers: { ...IMMUTABLE, 'content-type': 'text/plain; charset=utf-8' }, text: body };
}
