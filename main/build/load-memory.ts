import path from 'node:path';
import type { BundledHandler } from './handler.ts';
import type { InputList } from './inputs.ts';
import type { BuiltUi } from './ui-esbuild.ts';
import { LiveUi } from './ui-live.ts';

/** A stage's result with what it depends on. */
interface Remembered<T> {
  readonly entry: string;
  readonly inputs: InputList;
  readonly value: T;
}

/**
 * What a project was last loaded from. Whoever watches the project says what changed; a part that none of it concerns
 * is taken as it is, without a look at the disk. Owns what its bundlers keep.
 */
export class LoadMemory {
  handler: Remembered<BundledHandler> | undefined;
  ui: Remembered<BuiltUi> | undefined;
  readonly liveUi = new LiveUi();

  /** Forgets what files that changed on disk may have gone into; paths are relative to the project. */
  changed(paths: readonly string[]): void {
    if (this.handler && concerns(this.handler.inputs, paths)) this.handler = undefined;
    if (this.ui && concerns(this.ui.inputs, paths)) this.ui = undefined;
  }

  /** No load may use it any more. */
  dispose(): Promise<void> {
    return this.liveUi.dispose();
  }
}

/** Whether one of the paths was read, or may from now on be read in place of another. */
function concerns({ files, folders }: InputList, paths: readonly string[]): boolean {
  return paths.some(each => files.includes(each) || folders.includes(path.posix.dirname(each)));
}
