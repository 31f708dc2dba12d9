import type { ErrorText } from './catalogue.ts';

/** Codes of the application shell, its IPC and the command line. */
export const APP_ERRORS = {
  'internal.unexpected': {
    message: 'Something went wrong that the workbench did not foresee.',
    next: 'Try again; if it happens again, report it with the log.',
  },
  'ipc.unknown-channel': {
    message: 'The window asked for something the workbench does not offer.',
    next: 'Restart the workbench; if it happens again, report it.',
  },
  'ipc.untrusted-sender': {
    message: 'A page that is not the workbench window tried to call the workbench.',
    next: 'Nothing was done. Close pages you do not know.',
  },
  'ipc.invalid-input': {
    message: 'The window sent data of the wrong shape.',
    next: 'Restart the workbench; if it happens again, report it with the details.',
  },
  'ipc.invalid-output': {
    message: 'The workbench produced data of the wrong shape.',
    next: 'Report it with the details.',
  },
  'app.outside-project': {
    message: 'That file is not part of the project.',
    next: 'Open it in your editor yourself if you trust it.',
  },
  'app.file-missing': {
    message: 'That file no longer exists.',
    next: 'Build again to refresh the list of problems.',
  },
  'app.editor-failed': {
    message: 'No editor could be started.',
    next: 'Install VS Code, or set the VISUAL environment variable to your editor.',
  },
  'app.refused-address': {
    message: 'That address is not one the workbench opens.',
    next: 'Only https pages and the local gateway are opened in the browser.',
  },
  'cli.no-folder': {
    message: 'The folder for that file does not exist.',
    next: 'Make the folder first, or give another file.',
  },
  'cli.no-body-file': {
    message: 'The file with the request body cannot be read.',
    next: 'Check its path, or give the body as text.',
  },
  'cli.usage': {
    message: 'The command line was not understood.',
    next: 'See xwb --help.',
  },
} as const satisfies Record<string, ErrorText>;
