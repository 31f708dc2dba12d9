import type { ErrorText } from './catalogue.ts';

/** Codes of `main/manifest`. */
export const MANIFEST_ERRORS = {
  'manifest.unreadable': {
    message: 'manifest.json could not be read.',
    next: 'Check that the file exists and may be read.',
  },
  'manifest.invalid': {
    message: 'manifest.json breaks the rules of the platform.',
    next: 'Mend the problems listed.',
  },
} as const satisfies Record<string, ErrorText>;
