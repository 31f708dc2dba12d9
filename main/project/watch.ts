import { relative, resolve, sep } from 'node:path';
import { watch } from 'chokidar';
import { WorkbenchError } from '../../contract/index.ts';
import { FOREIGN_FOLDERS } from './files.ts';

/** Changes that come closer together than this are one burst. Milliseconds. */
const SETTLE_MS = 5;
/** A burst that never ends is reported in parts. Milliseconds. */
const LONGEST_BURST_MS = 500;
/** An editor that saves by renaming is back within this. Milliseconds. */
const ATOMIC_MS = 50;

/** What a build writes at the top of a project. */
const OUTPUTS = ['artifacts', 'bundle.tar.zst', 'bundle.sha256'];

/**
 * Watches a project's sources. What builds and tools write is not seen: `node_modules`, `dist`, `artifacts`, bundles,
 * hidden files and folders but for `.env*`.
 *
 * @param onChange gets the relative paths (forward slashes, sorted) of one settled burst of changes, and the
 *   `performance.now()` of its first
 * @param onError gets failures of watching after it has begun; without it they are warnings of the process
 * @returns `ready` resolves once changes are seen and rejects with `project.unreadable`; after `close` nothing is called
 */
export function watchProject(
  folder: string,
  onChange: (paths: string[], since: number) => void,
  onError: (error: Error) => void = error => process.emitWarning(error),
): { ready: Promise<void>; close(): Promise<void> } {
  const root = resolve(folder);
  const burst = new Burst(onChange);
  const watcher = watch(root, {
    ignored: path => isIgnored(toRelative(root, path)),
    ignoreInitial: true,
    followSymlinks: false,
    atomic: ATOMIC_MS,
  });
  watcher.on('all', (_event, path) => {
    const changed = toRelative(root, path);
    if (changed !== '') burst.add(changed);
  });
  const started = Promise.withResolvers<undefined>();
  // The caller learns of it from `ready`; one that does not wait for it must not end the process.
  started.promise.catch(() => undefined);
  let isReady = false;
  watcher.on('ready', () => {
    isReady = true;
    started.resolve(undefined);
  });
  watcher.on('error', cause => {
    const error = new WorkbenchError('project.unreadable', { details: { path: root }, cause });
    if (isReady) onError(error);
    else started.reject(error);
  });
  return {
    ready: started.promise,
    close: async () => {
      burst.close();
      // Nobody may wait for ever for a watcher that was closed before it began.
      started.resolve(undefined);
      await watcher.close();
    },
  };
}

function toRelative(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

function isIgnored(path: string): boolean {
  if (path === '' || path.startsWith('../')) return false;
  const segments = path.split('/');
  return (
    OUTPUTS.includes(segments[0] ?? '') ||
    segments.some(
      name => FOREIGN_FOLDERS.includes(name) || (name.startsWith('.') && !name.startsWith('.env')),
    )
  );
}

/** Gathers paths until none comes for a moment. */
class Burst {
  readonly #onSettled: (paths: string[], since: number) => void;
  readonly #paths = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #began = 0;

  constructor(onSettled: (paths: string[], since: number) => void) {
    this.#onSettled = onSettled;
  }

  add(path: string): void {
    if (this.#paths.size === 0) this.#began = performance.now();
    this.#paths.add(path);
    clearTimeout(this.#timer);
    const left = LONGEST_BURST_MS - (performance.now() - this.#began);
    this.#timer = setTimeout(() => this.#settle(), Math.max(0, Math.min(SETTLE_MS, left)));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#paths.clear();
  }

  #settle(): void {
    const paths = [...this.#paths].sort();
    this.#paths.clear();
    this.#onSettled(paths, this.#began);
  }
}
