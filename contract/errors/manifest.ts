import type { ErrorText } from './catalogue.ts';

/** Codes of `main/manifest`. */
export const MANIFEST_ERRORS = {
  'manifest.invalid': {
    message: 'manifest.json breaks the rules of the platform.',
    next: 'Mend the problems listed.',
  },
} as const satisfies Record<string, ErrorText>;
