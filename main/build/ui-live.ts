import path from 'node:path';
import { context, type BuildContext } from 'esbuild';
import type { BuildRun, Made } from './build-run.ts';
import { hashFile, hashParts, isFolder } from './files.ts';
import { writeUi, type BuiltUi } from './ui-esbuild.ts';
import { copiedFiles, prepareUi, type Bundled, type PreparedUi, type RunEsbuild } from './ui-prepare.ts';

const FORMAT = 'live-ui-1';
const FILES = 'ui';
/** A UI is bundled in one way, and plain pages are looked through in another. */
const CONTEXTS = 2;

type Options = Parameters<RunEsbuild>[0];

/**
 * Makes the UI of one project again and again: what esbuild has read stays in memory, and what it made is written
 * without waiting for the disk. The files are those that `bundleUi` makes; what is kept for the bundle is its business.
 */
export class LiveUi {
  readonly #contexts = new Map<string, BuildContext<Options>>();
  #last: BuiltUi | undefined;
  /** esbuild lets a second run share the first one's result, which may be older than what was saved since. */
  #turn: Promise<unknown> = Promise.resolve();
  #disposed = false;

  /**
   * Its key stands for the content of what was made: the same pages have the same key, whatever was saved.
   *
   * @throws StageFailure with the problems at their place in the author's source
   */
  async make(run: BuildRun, entry: string): Promise<Made<BuiltUi>> {
    const prepared = await prepareUi(run, entry, options => this.#bundle(options, run.signal));
    const { inputs, warnings } = prepared;
    const key = await keyOf(run, prepared);
    if (this.#last?.key === key && (await isFolder(this.#last.dir)))
      return { value: { ...this.#last, inputs, warnings }, cached: true };
    const made = await run.artifacts.createPassing('live-ui', staging =>
      writeUi(run.folder, prepared, path.join(staging, FILES)),
    );
    const ui = { dir: path.join(made, FILES), key, inputs, warnings };
    this.#last = ui;
    return { value: ui, cached: false };
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#turn;
    await this.#disposeOldest(0);
  }

  async #bundle(options: Options, signal: AbortSignal): Promise<Bundled> {
    const run = this.#turn.then(async () => {
      signal.throwIfAborted();
      return await (await this.#contextOf(options)).rebuild();
    });
    this.#turn = run.catch(() => undefined);
    return await run;
  }

  async #contextOf(options: Options): Promise<BuildContext<Options>> {
    if (this.#disposed) throw new Error('The project is closed.');
    const key = JSON.stringify(options);
    const known = this.#contexts.get(key);
    if (known) return known;
    await this.#disposeOldest(CONTEXTS - 1);
    const made = await context(options);
    this.#contexts.set(key, made);
    return made;
  }

  async #disposeOldest(left: number): Promise<void> {
    for (const [key, each] of this.#contexts) {
      if (this.#contexts.size <= left) return;
      this.#contexts.delete(key);
      await each.dispose();
    }
  }
}

async function keyOf({ folder }: BuildRun, prepared: PreparedUi): Promise<string> {
  const { plan, bundled } = prepared;
  const copied = copiedFiles(prepared).map(async file => [file, await hashFile(path.join(folder, file))]);
  const outputs = (bundled?.outputFiles ?? []).map(({ path: file, hash }) => [
    path.relative(folder, file),
    hash,
  ]);
  const pages = plan.pages.map(({ file, html }) => [file, html]);
  return hashParts([FORMAT, ...[...(await Promise.all(copied)), ...outputs, ...pages].flat()]);
}
