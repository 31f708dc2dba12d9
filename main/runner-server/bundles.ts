import { WorkbenchError } from '../../contract/index.ts';

/** Which bundle a call names. Tenant and extension are those of the headers (spec 4.3 step 4). */
export interface BundleName {
  readonly tenantId: string;
  readonly registryId: string;
  /** With or without `sha256:`, any case (spec 1.4). */
  readonly contentHash: string;
}

/** A bundle's parts on disk, as absolute paths; absent where it has none. */
export interface UnpackedBundle {
  readonly componentPath?: string;
  readonly uiDir?: string;
}

/** Where a runner has its bundles from. */
export interface Bundles {
  /** Whether there is anything to fetch from. */
  readonly hasStore: boolean;
  /**
   * The bundle, fetched, verified and unpacked if need be.
   *
   * @throws `bundle.*`; see `extractBundle`; `bundle.unreadable` also for ids and hashes that cannot be a key
   */
  unpacked(name: BundleName): Promise<UnpackedBundle>;
  /** Whether unpacked bundles can be kept (spec 4.1, `/healthz`). */
  writable(): Promise<boolean>;
  /** Whether the store answers; no store does not. */
  reachable(): Promise<boolean>;
}

/**
 * The 64 hex digits of a content hash in lower case.
 *
 * @throws `bundle.unreadable`
 */
export function hexOf(contentHash: string): string {
  const hex = contentHash
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
  if (/^[0-9a-f]{64}$/.test(hex)) return hex;
  throw new WorkbenchError('bundle.unreadable', { message: 'The content hash is not a SHA-256.' });
}
