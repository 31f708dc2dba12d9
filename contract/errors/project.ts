import type { ErrorText } from './catalogue.ts';

/** Codes of `main/project`. */
export const PROJECT_ERRORS = {
  'project.not-a-folder': {
    message: 'That folder does not exist.',
    next: 'Choose an existing folder.',
  },
  'project.no-manifest': {
    message: 'The folder has no manifest.json, so it is not an extension.',
    next: 'Choose the folder that holds manifest.json, or make a new extension from a template.',
  },
  'project.unknown-template': {
    message: 'There is no template of that name.',
    next: 'Choose one from the list (xwb new --list).',
  },
  'project.folder-not-empty': {
    message: 'The folder for the new extension already exists and is not empty.',
    next: 'Choose a new or an empty folder.',
  },
  'project.bad-name': {
    message: 'The folder name cannot be used as an extension name.',
    next: 'Use lower-case letters, digits and dashes.',
  },
  'project.unknown': {
    message: 'That project is not open.',
    next: 'Open its folder first.',
  },
  'project.unknown-fix': {
    message: 'That fix no longer applies.',
    next: 'Check the project again.',
  },
} as const satisfies Record<string, ErrorText>;
