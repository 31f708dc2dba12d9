import { APP_ERRORS } from './app.ts';
import { BUILD_ERRORS } from './build.ts';
import { BUNDLE_ERRORS } from './bundle.ts';
import { GATEWAY_ERRORS } from './gateway.ts';
import { MANIFEST_ERRORS } from './manifest.ts';
import { PROJECT_ERRORS } from './project.ts';
import { REGISTRY_ERRORS } from './registry.ts';
import { RUN_ERRORS } from './run.ts';
import { RUNNER_ERRORS } from './runner.ts';
import { SECRETS_ERRORS } from './secrets.ts';

/** Text of one error code: what happened, and what to do next. */
export interface ErrorText {
  readonly message: string;
  readonly next: string;
}

/** Every error code of the workbench. Each room owns the file of its own codes. */
export const ERRORS = {
  ...APP_ERRORS,
  ...PROJECT_ERRORS,
  ...MANIFEST_ERRORS,
  ...BUILD_ERRORS,
  ...BUNDLE_ERRORS,
  ...REGISTRY_ERRORS,
  ...RUN_ERRORS,
  ...RUNNER_ERRORS,
  ...SECRETS_ERRORS,
  ...GATEWAY_ERRORS,
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof ERRORS;
