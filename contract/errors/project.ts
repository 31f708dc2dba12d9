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
  'project.unreadable': {
    message: 'A file or folder of the project could not be read.',
    next: 'Check that it may be read and is not in use.',
  },
  'project.write-failed': {
    message: 'A file of the project could not be written.',
    next: 'Check that the folder may be written and that the disk is not full.',
  },
  'project.bad-template': {
    message: 'A template of the workbench is damaged.',
    next: 'Install the workbench again.',
  },
  'project.missing-resource': {
    message: 'The workbench lacks the file that this fix puts into the project.',
    next: 'Install the workbench again.',
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
