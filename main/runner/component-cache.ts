import { Recent } from './recent.ts';

/** The most components kept ready; an author works on a handful at a time. */
const CAPACITY = 16;

/**
 * Components that are ready to run, by file. A file's name stands for its content, as it does in the registry: what
 * changes has another name, so that a call need not look at the disk, which would cost it a tenth of its time. Callers
 * that come while a component is loading share that load.
 */
export class ComponentCache<C> {
  readonly #load: (path: string) => Promise<C>;
  readonly #components = new Recent<string, Promise<C>>(CAPACITY);

  constructor(load: (path: string) => Promise<C>) {
    this.#load = load;
  }

  get(path: string): Promise<C> {
    const known = this.#components.get(path);
    if (known) return known;
    const component = this.#load(path);
    this.#components.set(path, component);
    component.catch(() => {
      if (this.#components.get(path) === component) this.#components.delete(path);
    });
    return component;
  }
}
