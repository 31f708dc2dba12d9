import { toErrorValue } from '../../contract/index.ts';
import {
  extensionHostLabel,
  IMMUTABLE,
  OPAQUE_SANDBOX,
  percentDecode,
  splitTarget,
  uiContentPolicy,
  UiFiles,
  uiText,
  type UiAnswer,
  type UiPolicyOptions,
} from '../hosting/index.ts';
import type { BundleName, Bundles, UnpackedBundle } from './bundles.ts';
import type { InstallRegistry } from './install-registry.ts';

/** A request for a file of an extension's UI on the runner's port. */
export interface RunnerUiRequest {
  /** Raw request target, `/ext-ui/<registry id>/<content hash>/<path>?…`. */
  readonly rawUrl: string;
  readonly host: string;
  readonly tenantHeader: string;
  readonly ifNoneMatch: string;
}

export interface RunnerUiOptions {
  readonly bundles: Bundles;
  readonly registry: InstallRegistry;
  /** Whether only what the registry vouches for is served (`EXT_STATIC_STRICT_VALIDATION`). */
  readonly strict: boolean;
  /** `EXT_STATIC_MAX_FILE_BYTES`; no limit when absent. */
  readonly maxFileBytes?: number;
  readonly policy: UiPolicyOptions;
}

const HINTS_KEPT = 1000;
const HOST_LABEL = /^([0-9a-f]{8}-[0-9a-f]{8})\.localhost(?::\d+)?$/i;

/** True for a host below `localhost` that stands for one extension. */
export function isExtensionHost(host: string): boolean {
  return HOST_LABEL.test(host);
}

/**
 * Serves UI files of bundles in the order of checks of spec 5.2. Deviations: on the runner's own names a sandbox policy
 * keeps extensions' pages from each other and from the routes beside them; a host below `localhost` serves only the
 * extension it stands for; and where there is no registry to ask, everything counts as valid unless strictness is set.
 */
export class RunnerUi {
  readonly #options: RunnerUiOptions;
  readonly #files = new UiFiles();
  /** Tenants by extension and hash; sub-resources of a page come without one (spec 5.2 step 2). */
  readonly #hints = new Map<string, string>();

  constructor(options: RunnerUiOptions) {
    this.#options = options;
  }

  /** Answers one request; rejects only when an unpacked file cannot be read. */
  async answer(request: RunnerUiRequest): Promise<UiAnswer> {
    const { path, query } = splitTarget(request.rawUrl);
    const [, , id = '', encodedHash = '', ...rest] = path.split('/');
    const registryId = percentDecode(id) ?? '';
    const contentHash = percentDecode(encodedHash) ?? '';
    if (!/^sha256:[0-9a-f]+$/i.test(contentHash)) return uiText(400, 'invalid content hash');
    const tenantQuery = new URLSearchParams(query).get('tenant') ?? '';
    const tenantId = await this.#tenantOf(request, { registryId, contentHash }, tenantQuery);
    const name = { tenantId, registryId, contentHash };
    if (!this.#fitsHost(request.host, name) || !(await this.#isServed(name))) return uiText(404, 'not found');
    this.#hints.set(`${registryId}|${contentHash}`, tenantId);
    if (this.#hints.size > HINTS_KEPT) this.#hints.clear();
    const bundle = await this.#unpack(name);
    return 'status' in bundle ? bundle : this.#file(bundle, rest.join('/'), request);
  }

  /** Query, header, hint, then the registry by the host (spec 5.2 step 2); empty when nobody knows. */
  async #tenantOf(
    { tenantHeader, host }: RunnerUiRequest,
    { registryId, contentHash }: Omit<BundleName, 'tenantId'>,
    tenantQuery: string,
  ): Promise<string> {
    const given = tenantQuery || tenantHeader || (this.#hints.get(`${registryId}|${contentHash}`) ?? '');
    if (given !== '') return given;
    const found = await this.#options.registry.lookup(host);
    return typeof found === 'string' ? '' : found.tenantId;
  }

  #fitsHost(host: string, { tenantId, registryId }: BundleName): boolean {
    const label = HOST_LABEL.exec(host)?.[1]?.toLowerCase();
    return label === undefined || label === extensionHostLabel(tenantId, registryId);
  }

  async #isServed(name: BundleName): Promise<boolean> {
    if (!this.#options.strict) return true;
    return name.tenantId !== '' && (await this.#options.registry.validate(name)) === true;
  }

  async #unpack(name: BundleName): Promise<UnpackedBundle | UiAnswer> {
    try {
      return await this.#options.bundles.unpacked(name);
    } catch (error) {
      return toErrorValue(error).code === 'bundle.hash-mismatch'
        ? refusal(502, 'archive_hash_mismatch')
        : refusal(500, 'extract_failed');
    }
  }

  #file({ uiDir }: UnpackedBundle, encodedPath: string, request: RunnerUiRequest): Promise<UiAnswer> {
    const { maxFileBytes, policy } = this.#options;
    const sandbox = isExtensionHost(request.host) ? [] : [OPAQUE_SANDBOX];
    return this.#files.answer({
      uiDir,
      encodedPath,
      ifNoneMatch: request.ifNoneMatch,
      maxFileBytes,
      policyOf: type => {
        const policies = [...(type === 'text/html' ? [uiContentPolicy(policy)] : []), ...sandbox];
        return policies.length > 0 ? policies.join('; ') : undefined;
      },
    });
  }
}

function refusal(status: number, code: string): UiAnswer {
  const headers = { ...IMMUTABLE, 'content-type': 'application/json' };
  return { status, headers, text: JSON.stringify({ code }) };
}
