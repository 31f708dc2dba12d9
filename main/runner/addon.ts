import { createRequire } from 'node:module';
import { ERRORS, WorkbenchError, type ErrorCode } from '../../contract/index.ts';
import type * as Native from '../../native/binding/index.d.ts';

export type Addon = typeof Native;

/** Loads the native addon. Throws `runner.addon-missing` when it is not there or not for this machine. */
export function loadAddon(file: string): Addon {
  try {
    return createRequire(import.meta.url)(file) as Addon;
  } catch (cause) {
    throw new WorkbenchError('runner.addon-missing', { details: { file, reason: String(cause) }, cause });
  }
}

/** Gives an error of the addon its place in the catalogue; anything else is passed on as it is. */
export function fromNative(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !isErrorCode(error.code)) return error;
  const detail = 'detail' in error ? { detail: error.detail } : {};
  return new WorkbenchError(error.code, { message: error.message, details: detail, cause: error });
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && code in ERRORS;
}
