import type { ErrorText } from './catalogue.ts';

const MAKE_AGAIN = 'Build again: the template is made anew.';

/** Codes of `main/build` and of the native builder, whose failures arrive under the same names. */
export const BUILD_ERRORS = {
  'build.failed': {
    message: 'The build failed.',
    next: 'Mend the problems listed.',
  },
  'build.cancelled': {
    message: 'The build was cancelled.',
    next: 'Build again when you are ready.',
  },
  'build.disk-full': {
    message: 'There is no space left on the disk.',
    next: 'Free some space where the data folder and the project are, then build again.',
  },
  'builder.create': {
    message: 'The native builder could not be started.',
    next: 'Close programs that use much memory and try again.',
  },
  'builder.folder': {
    message: 'The folder for builds cannot be used.',
    next: 'Check that the data folder may be written and that the disk is not full.',
  },
  'builder.write': {
    message: 'The component could not be written.',
    next: 'Check that the folder may be written and that the disk is not full.',
  },
  'builder.disposed': {
    message: 'The loaded source is not held any more.',
    next: 'Build the extension again.',
  },
  'template.missing': { message: 'There is no engine template in the folder.', next: MAKE_AGAIN },
  'template.damaged': { message: 'The engine template is damaged.', next: MAKE_AGAIN },
  'template.invalid': { message: 'The engine template cannot be used.', next: MAKE_AGAIN },
} as const satisfies Record<string, ErrorText>;
