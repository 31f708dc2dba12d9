import type { ErrorText } from './catalogue.ts';

/** Codes of `main/build`. */
export const BUILD_ERRORS = {
  'build.failed': {
    message: 'The build failed.',
    next: 'Mend the problems listed.',
  },
  'build.cancelled': {
    message: 'The build was cancelled.',
    next: 'Build again when you are ready.',
  },
} as const satisfies Record<string, ErrorText>;
