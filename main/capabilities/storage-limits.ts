/** Limits of extension storage (spec section 9.1). Lengths in UTF-16 units, sizes in bytes of JSON text. */
export const STORAGE_LIMITS = {
  namespaceLength: 128,
  keyLength: 256,
  valueBytes: 65_536,
  metadataBytes: 4_096,
  namespaces: 32,
  keysPerNamespace: 5_120,
  totalBytes: 256 * 1024 * 1024,
  pageSize: 25,
} as const;
export type StorageLimits = { readonly [Name in keyof typeof STORAGE_LIMITS]: number };

/** What the platform's storage API answers with when it refuses (spec section 9.1). */
export type StorageErrorCode =
  | 'VALIDATION_FAILED'
  | 'LIMIT_EXCEEDED'
  | 'UNAUTHORIZED'
  | 'NOT_FOUND'
  | 'REVISION_MISMATCH'
  | 'QUOTA_EXCEEDED'
  | 'INTERNAL';

/** The case of `storage-error` that a guest gets for each (spec section 9.1). */
export const STORAGE_ERROR_CASES: Readonly<Record<StorageErrorCode, string>> = {
  VALIDATION_FAILED: 'internal',
  LIMIT_EXCEEDED: 'internal',
  UNAUTHORIZED: 'denied',
  NOT_FOUND: 'missing',
  REVISION_MISMATCH: 'conflict',
  QUOTA_EXCEEDED: 'denied',
  INTERNAL: 'internal',
};

/** A refusal of the storage service. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
