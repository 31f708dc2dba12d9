/** Bounds on what is taken in from a bundle, which is untrusted input. Sizes in bytes. */
export interface IntakeLimits {
  /** The compressed file. */
  readonly maxBundleBytes: number;
  /** Files and folders in the archive, taken or passed over. */
  readonly maxEntries: number;
  readonly maxEntryBytes: number;
  /** The whole archive after decompression. */
  readonly maxTotalBytes: number;
  /** Decompressed to compressed bytes; looked at once more than {@link RATIO_FREE_BYTES} have come out. */
  readonly maxRatio: number;
  readonly maxPathBytes: number;
}

const MiB = 1024 * 1024;

/**
 * The platform bounds the upload only (spec 1.7: 200 MiB); everything after that is unbounded there. The rest are
 * ours: far above any extension seen, low enough that a hostile file cannot fill memory or disk.
 */
export const DEFAULT_LIMITS: IntakeLimits = {
  maxBundleBytes: 200 * MiB,
  maxEntries: 10_000,
  maxEntryBytes: 256 * MiB,
  maxTotalBytes: 1024 * MiB,
  maxRatio: 200,
  maxPathBytes: 1024,
};

/** Small archives may compress as well as they like. */
export const RATIO_FREE_BYTES = 32 * MiB;

/** Windows larger than this (128 MiB) are refused by decoders in their usual setting, the platform's included. */
export const MAX_WINDOW_LOG = 27;
