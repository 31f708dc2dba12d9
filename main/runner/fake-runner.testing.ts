import type { Execution, ExecuteResponse } from '../../contract/index.ts';
import type { RunArguments, Runner } from './runner.ts';

/** A runner that answers with what the test says and keeps what it was asked. */
export class FakeRunner implements Runner {
  readonly wasmtime = 'fake';
  readonly runs: RunArguments[] = [];
  behave: (run: RunArguments) => Promise<Execution> = () =>
    Promise.resolve(answered({ status: 200, headers: [] }));

  warm(): Promise<void> {
    return Promise.resolve();
  }
  execute(run: RunArguments): Promise<Execution> {
    this.runs.push(run);
    return this.behave(run);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  /** The last request that reached the guest. */
  get last(): RunArguments {
    const run = this.runs.at(-1);
    if (run === undefined) throw new Error('Nothing was run.');
    return run;
  }
}

/** A run that came to an answer. */
export function answered(response: ExecuteResponse, changes: Partial<Execution> = {}): Execution {
  return { response, durationMs: 1, peakMemoryBytes: 65_536, logs: [], hostCalls: [], ...changes };
}

/** A run that failed. */
export function faulted(code: string, message = 'It failed.'): Execution {
  const fault = { code, message, detail: `${message} in detail`, stderr: 'from stderr' };
  return { fault, durationMs: 1, peakMemoryBytes: 0, logs: [], hostCalls: [] };
}
