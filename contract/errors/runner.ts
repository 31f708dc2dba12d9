import type { ErrorText } from './catalogue.ts';

/** Codes of `main/runner and the native addon`. */
export const RUNNER_ERRORS = {
  'runner.addon-missing': {
    message: 'The native runner is not built for this machine.',
    next: 'Run npm start once; it builds the runner.',
  },
} as const satisfies Record<string, ErrorText>;
