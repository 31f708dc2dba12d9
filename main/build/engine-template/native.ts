/**
 * What this room needs of the native addon. `main/runner` alone imports the addon, so whoever puts the rooms together
 * hands this in; its classes `Builder` and `CancelToken` have these shapes.
 */
export interface NativeBuilding {
  readonly builder: NativeBuilder;
  /** A token that ends the loading of a source. */
  cancelToken(): NativeCancelToken;
}

/** Rejects with Errors that have a `code`: `template.*`, `source.*`, `builder.*`, `build.cancelled`. */
export interface NativeBuilder {
  /** Tells builders apart that make different templates of the same ingredients. */
  readonly version: string;
  sealTemplate(folder: string): Promise<string>;
  openTemplate(folder: string): Promise<NativeTemplate>;
}

export interface NativeTemplate {
  readonly key: string;
  load(source: string, cancel: NativeCancelToken): Promise<NativeSource>;
}

/** A source that was loaded: memory outside of JavaScript, until it is disposed of. */
export interface NativeSource {
  readonly id: string;
  /** Milliseconds that loading took. */
  readonly ms: number;
  writeComponent(file: string): Promise<{ readonly bytes: number; readonly ms: number }>;
  dispose(): void;
}

export interface NativeCancelToken {
  readonly isCancelled: boolean;
  cancel(): void;
}
