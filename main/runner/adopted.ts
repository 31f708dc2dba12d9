import { WorkbenchError, type Fault } from '../../contract/index.ts';
import { fromNative, type Addon } from './addon.ts';

type Engine = InstanceType<Addon['Engine']>;
type ImageBase = Awaited<ReturnType<Engine['loadImageBase']>>;

/** A source that an engine template loaded: what a runner runs without compiling anything. */
export interface LoadedSource {
  readonly template: object;
  readonly source: { readonly id: string };
  /** Puts what a run says into the author's terms. */
  readonly view?: SourceView;
}

/** What a source's runs say, in the author's terms. */
export interface SourceView {
  /** A line of the log; nothing for what the engine says about itself. */
  text(message: string): string | undefined;
  fault(fault: Fault): Fault;
}

/** A source that can be run. */
export interface AdoptedSource {
  readonly component: ReturnType<ImageBase['withMemory']>;
  readonly view?: SourceView;
}

/** The loaded sources that a runner was given, by id, on the compiled engines of their templates. */
export class AdoptedSources {
  readonly #engine: Engine;
  readonly #bases = new WeakMap<object, Promise<ImageBase>>();
  readonly #sources = new Map<string, AdoptedSource & { readonly owners: Set<object> }>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The compiled engine of a template. */
  async base(template: object): Promise<ImageBase> {
    const known = this.#bases.get(template);
    if (known) return known;
    // The build hands back what this addon made; the addon itself refuses anything else.
    const base = this.#engine.loadImageBase(template as InstanceType<Addon['EngineTemplate']>);
    const loading = base.catch((error: unknown) => {
      this.#bases.delete(template);
      throw fromNative(error);
    });
    this.#bases.set(template, loading);
    return loading;
  }

  /** Takes a source until the returned function is called; others may have taken the same one. */
  async adopt({ template, source, view }: LoadedSource): Promise<() => void> {
    const base = await this.base(template);
    const loaded: object = source;
    const taken = this.#sources.get(source.id) ?? {
      component: base.withMemory(loaded as InstanceType<Addon['LoadedSource']>),
      ...(view && { view }),
      owners: new Set(),
    };
    this.#sources.set(source.id, taken);
    const owner = {};
    taken.owners.add(owner);
    return () => {
      if (!taken.owners.delete(owner) || taken.owners.size > 0) return;
      this.#sources.delete(source.id);
      taken.component.dispose();
    };
  }

  /** Throws `component.replaced` when nobody holds the source any more. */
  get(sourceId: string): AdoptedSource {
    const source = this.#sources.get(sourceId);
    if (!source) throw new WorkbenchError('component.replaced', { details: { sourceId } });
    return source;
  }
}
