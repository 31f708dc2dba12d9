import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { WorkbenchError } from '../../contract/index.ts';
import { presign, type StoreCredentials } from './presign.ts';

/** Time for a download (spec 1.7) and for a look whether the store is there (spec 4.1). */
const DOWNLOAD_MS = 60_000;
const PROBE_MS = 1_000;
/** How long a signed address holds (spec 4.8). */
const SIGNED_SECONDS = 60;

/** Where bundles come from: a folder or an object store, with the platform's keys below (spec 1.8). */
export interface BundleStore {
  /**
   * A file with the bundle of a key: the store's own where it is a folder, else a download at `target`.
   *
   * @throws `bundle.unreadable`, `bundle.too-large`, `bundle.write-failed`
   */
  fetch(key: string, target: string, maxBytes: number): Promise<string>;
  /** Whether the store answers. */
  reachable(): Promise<boolean>;
}

/**
 * Opens a bundle store by its base: an `http(s):` or `file:` URL, or a folder. Nothing is contacted yet.
 *
 * @param credentials of an object store; without them its objects are asked for as they are
 * @throws `cli.usage` for a URL of another scheme or with credentials in it
 */
export function openBundleStore(base: string, credentials?: StoreCredentials): BundleStore {
  // A drive letter is no scheme.
  if (!/^[a-z][a-z0-9+.-]+:/i.test(base)) return folderStore(base);
  const url = URL.parse(base);
  if (url?.protocol === 'file:') return folderStore(fileURLToPath(url));
  const web = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url && web && url.username === '' && url.password === '') return urlStore(url, credentials);
  throw new WorkbenchError('cli.usage', {
    message: 'The bundle store must be a folder or an http(s) address without credentials in it.',
  });
}

function folderStore(folder: string): BundleStore {
  return {
    fetch: (key, _target, maxBytes) => findFile(join(folder, ...key.split('/')), key, maxBytes),
    reachable: () =>
      stat(folder).then(
        found => found.isDirectory(),
        () => false,
      ),
  };
}

async function findFile(file: string, key: string, maxBytes: number): Promise<string> {
  const found = await stat(file).catch((cause: unknown) => {
    throw unreadable(key, 'The bundle store has no such bundle.', cause);
  });
  if (!found.isFile()) throw unreadable(key, 'That is not a file in the bundle store.');
  if (found.size > maxBytes) throw tooLarge(maxBytes);
  return file;
}

function urlStore(base: URL, credentials: StoreCredentials | undefined): BundleStore {
  const root = new URL(base);
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  return {
    async fetch(key, target, maxBytes) {
      const address = new URL(root);
      address.pathname += key.split('/').map(encodeURIComponent).join('/');
      const asked =
        credentials === undefined
          ? address
          : presign(address, credentials, { now: new Date(), seconds: SIGNED_SECONDS });
      await download(asked, key, target, maxBytes);
      return target;
    },
    reachable: () =>
      fetch(root, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(PROBE_MS) }).then(
        () => true,
        () => false,
      ),
  };
}

async function download(address: URL, key: string, target: string, maxBytes: number): Promise<void> {
  const signal = AbortSignal.timeout(DOWNLOAD_MS);
  const response = await fetch(address, { signal }).catch((cause: unknown) => {
    throw unreadable(key, 'The bundle store cannot be reached.', cause);
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw unreadable(key, `The bundle store answered ${response.status}.`);
  }
  try {
    await pipeline(bounded(response.body, maxBytes), createWriteStream(target, { flags: 'wx' }), { signal });
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause;
    throw unreadable(key, 'The download broke off.', cause);
  }
}

/** Passes bytes on until there are too many. */
async function* bounded(body: ReadableStream<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

function unreadable(key: string, message: string, cause?: unknown): WorkbenchError {
  const reason = cause instanceof Error ? { reason: cause.message } : {};
  return new WorkbenchError('bundle.unreadable', { message, details: { key, ...reason }, cause });
}

function tooLarge(maxBytes: number): WorkbenchError {
  return new WorkbenchError('bundle.too-large', {
    message: `The bundle has more than ${maxBytes} bytes.`,
    details: { maxBytes },
  });
}
