import type { ErrorText } from './catalogue.ts';

/** Codes of `main/bundle`. */
export const BUNDLE_ERRORS = {
  'bundle.unreadable': {
    message: 'The bundle could not be read.',
    next: 'Check that the file exists and is a .tar.zst bundle.',
  },
  'bundle.missing-component': {
    message: 'The manifest declares endpoints, but there is no built component.',
    next: 'Build the extension before packing it.',
  },
} as const satisfies Record<string, ErrorText>;
