import type { BuildKind, BuildResult, BuildState, LiveBuild } from '../../contract/index.ts';
import type { BuildOptions } from '../build/index.ts';

/**
 * What happens within a build is told this much later, and not at all when it is over by then: a save is answered before
 * a window could have drawn its stages. Milliseconds.
 */
const TELL_AFTER_MS = 100;

/** Where the builds of one project stand, for the window. */
export class BuildProgress {
  readonly #onChange: () => void;
  #telling: NodeJS.Timeout | undefined;
  #state: BuildState = { status: 'never', stages: [], problems: [] };

  /** @param onChange called when {@link state} is another */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get state(): BuildState {
    return this.#state;
  }

  begin(): void {
    this.#state = { ...this.#state, status: 'building', stages: [], packing: false };
    this.#tellSoon();
  }

  readonly onStage: NonNullable<BuildOptions['onStage']> = event => {
    if (event.state === 'start') {
      this.#state = { ...this.#state, running: event.stage };
      this.#tellSoon();
      return;
    }
    const stage = { name: event.stage, ms: event.ms ?? 0, cached: event.cached ?? false };
    // Packing goes through the stages of the load once more; each is told once.
    if (this.#state.stages.some(({ name }) => name === stage.name)) return;
    this.#state = { ...this.#state, stages: [...this.#state.stages, stage] };
    this.#tellSoon();
  };

  /** @param since when the change was made that answers now, by `performance.now()` */
  answersFrom(
    hash: string,
    kind: BuildKind,
    since: number,
    about: Pick<LiveBuild, 'slow' | 'pagesFrom'> = {},
  ): void {
    const ms = performance.now() - since;
    this.#set({ ...this.#state, live: { hash, kind, since: Date.now(), ms, ...about } });
  }

  finish(
    status: BuildState['status'],
    { stages, problems }: Pick<BuildResult, 'stages' | 'problems'>,
    since: number,
    packing = false,
  ): void {
    const { live } = this.#state;
    this.#set({
      status,
      stages,
      problems,
      finishedAt: Date.now(),
      ms: performance.now() - since,
      packing,
      ...(live && { live }),
    });
  }

  /** Nothing is told any more. */
  dispose(): void {
    clearTimeout(this.#telling);
  }

  #set(state: BuildState): void {
    this.#state = state;
    this.#tell();
  }

  #tellSoon(): void {
    this.#telling ??= setTimeout(() => this.#tell(), TELL_AFTER_MS);
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#onChange();
  }
}
