import { statSync } from 'node:fs';
import { Recent } from './recent.ts';

/** The most components kept ready; an author works on a handful at a time. */
const CAPACITY = 16;

/**
 * Components that are ready to run, by file. A file that changed is loaded again; callers that come while a
 * component is loading share that load.
 */
export class ComponentCache<C> {
  readonly #load: (path: string) => Promise<C>;
  readonly #entries = new Recent<string, { identity: string; component: Promise<C> }>(CAPACITY);

  constructor(load: (path: string) => Promise<C>) {
    this.#load = load;
  }

  get(path: string): Promise<C> {
    const identity = identityOf(path);
    const known = this.#entries.get(path);
    if (known?.identity === identity) return known.component;
    const entry = { identity, component: this.#load(path) };
    this.#entries.set(path, entry);
    entry.component.catch(() => {
      if (this.#entries.get(path) === entry) this.#entries.delete(path);
    });
    return entry.component;
  }
}

/**
 * What changes whenever the content of a file does, short of somebody forging times. Asked on each call and answered
 * in microseconds; a thread of its own for it would take longer than many a handler.
 */
function identityOf(path: string): string {
  try {
    const found = statSync(path, { bigint: true });
    return `${found.ino}-${found.size}-${found.mtimeNs}-${found.ctimeNs}`;
  } catch {
    // A file that cannot be looked at is the loader's to report.
    return 'absent';
  }
}
