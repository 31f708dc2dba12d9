import type { LoadedProject } from '../build/index.ts';
import type { PageServerAddress, Registry } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';

/** Sources kept with the runner: a call that was let in by the build before must still find its own. */
const KEPT_SOURCES = 2;

type LiveRegistry = Pick<Registry, 'resolve' | 'setLive'>;
type LiveRunner = Pick<DevelopmentRunner, 'adopt'>;

interface ShowOptions {
  readonly pageServer?: PageServerAddress | undefined;
  readonly signal?: AbortSignal;
}

/** Lets the loaded builds of one project answer, and holds what they need. */
export class LiveBuilds {
  readonly #registry: LiveRegistry;
  readonly #runner: LiveRunner;
  /** Let go of the sources at the runner; the newest comes last. */
  readonly #letSourcesGo: (() => void)[] = [];
  #registryId: string | undefined;
  /** Ends the hold on the page's folder. */
  #letUiGo: (() => void) | undefined;

  constructor(registry: LiveRegistry, runner: LiveRunner) {
    this.#registry = registry;
    this.#runner = runner;
  }

  /**
   * From here on, calls of the install are answered by the project as it was loaded, and its pages by their server where
   * there is one. Rejects as the runner and the registry do, and once the signal is aborted; what answered before goes on
   * then.
   */
  async show(
    registryId: string,
    project: LoadedProject,
    hash: string,
    { pageServer, signal }: ShowOptions = {},
  ): Promise<void> {
    const { handler, manifest, ui } = project;
    const letUiGo = ui?.hold();
    let letSourceGo: (() => void) | undefined;
    try {
      letSourceGo = handler && (await this.#runner.adopt(handler));
      // A newer build may be answering by now.
      signal?.throwIfAborted();
      if (registryId !== this.#registryId) this.hide();
      this.#registry.setLive(registryId, {
        hash,
        manifest,
        ...(handler && { sourceId: handler.source.id }),
        ...(ui && { uiDir: ui.dir }),
        ...(pageServer && { pageServer }),
      });
    } catch (error) {
      letUiGo?.();
      letSourceGo?.();
      throw error;
    }
    this.#letUiGo?.();
    this.#letUiGo = letUiGo;
    this.#registryId = registryId;
    if (letSourceGo) this.#letSourcesGo.push(letSourceGo);
    while (this.#letSourcesGo.length > KEPT_SOURCES) this.#letSourcesGo.shift()?.();
  }

  /** The installed bundle answers again. */
  hide(): void {
    const registryId = this.#registryId;
    this.#registryId = undefined;
    const isInstalled = registryId !== undefined && this.#registry.resolve(registryId) !== undefined;
    if (isInstalled) this.#registry.setLive(registryId, undefined);
  }

  close(): void {
    this.hide();
    this.#letUiGo?.();
    this.#letUiGo = undefined;
    for (const letGo of this.#letSourcesGo.splice(0)) letGo();
  }
}
