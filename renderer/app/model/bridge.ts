import type { ErrorValue, IpcChannel, IpcInput, IpcOutput } from '../../../contract/index.ts';

/** A call that main answered with an error. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly value: ErrorValue;

  constructor(value: ErrorValue) {
    super(value.message);
    this.value = value;
  }
}

/** Calls main and gives its answer; a failure is thrown as {@link CallFailure}. */
export async function call<C extends IpcChannel>(channel: C, input: IpcInput<C>): Promise<IpcOutput<C>> {
  const result = await window.workbench.invoke(channel, input);
  if (!result.ok) throw new CallFailure(result.error);
  return result.value;
}

/** Any thrown value as an error to show. */
export function errorValue(error: unknown): ErrorValue {
  if (error instanceof CallFailure) return error.value;
  return {
    code: 'internal.unexpected',
    message: error instanceof Error ? error.message : String(error),
    next: 'Try again; if it happens again, report it with the log.',
  };
}
