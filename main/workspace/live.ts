import type { LoadedProject } from '../build/index.ts';
import type { Registry } from '../registry/index.ts';
import type { DevelopmentRunner } from '../runner/index.ts';

/** Sources kept with the runner: a call that was let in by the build before must still find its own. */
const KEPT_SOURCES = 2;

type LiveRegistry = Pick<Registry, 'resolve' | 'setLive'>;
type LiveRunner = Pick<DevelopmentRunner, 'adopt'>;

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

  /** From here on, calls of the install are answered by the project as it was loaded. */
  async show(registryId: string, project: LoadedProject, hash: string): Promise<void> {
    const { handler, manifest, ui } = project;
    if (registryId !== this.#registryId) this.hide();
    const letGo = ui?.hold();
    if (handler) this.#letSourcesGo.push(await this.#runner.adopt(handler));
    this.#registry.setLive(registryId, {
      hash,
      manifest,
      ...(handler && { sourceId: handler.source.id }),
      ...(ui && { uiDir: ui.dir }),
    });
    this.#letUiGo?.();
    this.#letUiGo = letGo;
    this.#registryId = registryId;
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
