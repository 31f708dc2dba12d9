/** What the splicer of componentize-js gives for a world; the names are its own. */
export interface Spliced {
  readonly wasm: Uint8Array;
  readonly jsBindings: string;
  readonly exports: readonly (readonly [name: string, signature: CoreFunction])[];
  /** Interface, function, number of parameters. */
  readonly imports: readonly (readonly [specifier: string, name: string, parameters: number])[];
}

/** A function as core WebAssembly sees it. */
export interface CoreFunction {
  readonly params: readonly string[];
  readonly ret?: string;
  readonly retptr: boolean;
  readonly retsize: number;
  readonly paramptr: boolean;
}

/** Results of two steps of an official build, which it does not give out itself. */
export interface RecordedSteps {
  readonly spliced: Spliced;
  readonly stubbed: Uint8Array;
}

interface Splicer {
  spliceBindings: (...args: unknown[]) => Spliced;
  stubWasi: (...args: unknown[]) => Uint8Array;
}

/**
 * Keeps what the steps of the next build in this process give. The tool's own code runs unchanged; only while it
 * leaves WASI out does the clock show `madeAtMs`, for there it freezes the components' clock at the present time.
 *
 * @returns what to call after the build; throws when a step did not run
 */
export async function recordSteps(
  madeAtMs: number,
  tell: (progress: string) => void,
): Promise<() => RecordedSteps> {
  const entry = import.meta.resolve('@bytecodealliance/componentize-js');
  const file = new URL('../lib/spidermonkey-embedding-splicer.js', entry).href;
  const { splicer } = (await import(file)) as { splicer: Splicer };
  const { spliceBindings, stubWasi } = splicer;
  let spliced: Spliced | undefined;
  let stubbed: Uint8Array | undefined;
  splicer.spliceBindings = (...args) => {
    spliced = spliceBindings(...args);
    tell('Initialising the engine');
    return spliced;
  };
  splicer.stubWasi = (...args) => {
    stubbed = atTime(madeAtMs, () => stubWasi(...args));
    tell('Finishing the component');
    return stubbed;
  };
  return () => {
    splicer.spliceBindings = spliceBindings;
    splicer.stubWasi = stubWasi;
    if (!spliced || !stubbed) throw new Error('The component tool left out a step that a template needs.');
    return { spliced, stubbed };
  };
}

function atTime<T>(milliseconds: number, work: () => T): T {
  const { now } = Date;
  Date.now = () => milliseconds;
  try {
    return work();
  } finally {
    Date.now = now;
  }
}
