import path from 'node:path';
import { toErrorValue, type BuildKind } from '../../contract/index.ts';
import { createEngineTemplates, platformWorld, type EngineTemplates } from '../build/index.ts';
import { createRunner, type DevelopmentRunner } from '../runner/index.ts';
import type { Resources } from './resources.ts';

/** What makes and runs components, over one folder that holds what can be made again. */
export interface Engines {
  readonly runner: DevelopmentRunner;
  readonly templates: EngineTemplates;
}

const TEMPLATES = 'engine-template';
const COMPILED = 'compiled';

/** @param preparedDir what {@link prepareEngines} made ahead is taken from there, when it is there */
export function openEngines(cacheDir: string, resources: Resources, preparedDir?: string): Engines {
  const runner = createRunner({
    addonPath: resources.addonPath,
    cacheDir: path.join(cacheDir, COMPILED),
    ...(preparedDir !== undefined && { preparedDir: path.join(preparedDir, COMPILED) }),
  });
  const templates = createEngineTemplates({
    cacheDir,
    toolchain: resources.toolchain,
    worker: resources.templateWorker,
    native: runner.building(),
    ...(preparedDir !== undefined && { prepared: path.join(preparedDir, TEMPLATES) }),
  });
  return { runner, templates };
}

/** The first build that a person waits for is a development build. */
const KINDS: readonly BuildKind[] = ['development', 'release'];

/**
 * Makes the engine templates of the platform's own world and compiles their engines: what the first builds on a machine
 * would wait for. What is there already costs a second at most.
 *
 * @throws `build.cancelled` on abort, and what keeps a template from being made
 */
export async function prepareEngines(
  { runner, templates }: Engines,
  resources: Resources,
  signal: AbortSignal,
  onProgress: (progress: string) => void,
  kinds: readonly BuildKind[] = KINDS,
): Promise<void> {
  const { wit } = await platformWorld(resources.toolchain);
  for (const kind of kinds) {
    const tell = (line: string): void => onProgress(`${line} (${kind})`);
    const template = await templates.get(wit, kind, signal, tell);
    await runner.prepare(template);
    if (kind === 'release') await runner.prepareComponents(template);
  }
}

/** {@link prepareEngines} in the background, from now on. */
export class Preparation {
  #progress: string | undefined = 'Making the engines ready';
  readonly #closing = new AbortController();

  /** @param onChange called whenever {@link progress} is another */
  constructor(engines: Engines, resources: Resources, onChange: () => void) {
    const tell = (progress: string | undefined): void => {
      this.#progress = progress;
      if (!this.#closing.signal.aborted) onChange();
    };
    void prepareEngines(engines, resources, this.#closing.signal, tell).then(
      () => tell(undefined),
      // Builds go on with the official tool, and say so too.
      (error: unknown) => tell(`The engines could not be made ready: ${toErrorValue(error).message}`),
    );
  }

  /** What is being done, in words; undefined when all is ready. */
  get progress(): string | undefined {
    return this.#progress;
  }

  /** Lets go of what is under way; what compiles cannot be stopped, and is kept for the next start. */
  dispose(): void {
    this.#closing.abort();
  }
}
