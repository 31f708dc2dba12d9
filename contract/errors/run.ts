import type { ErrorText } from './catalogue.ts';

/** Codes of calling a handler from the command line. */
export const RUN_ERRORS = {
  'run.no-target': {
    message: 'There is no project folder, bundle or component at that path.',
    next: 'Give a folder with manifest.json, a .tar.zst bundle or a .wasm component.',
  },
  'run.no-handler': {
    message: 'The extension has no handler: it is a user interface only.',
    next: 'Open it with xwb serve, or declare an endpoint and write a handler.',
  },
  'run.unknown-capability': {
    message: 'The platform knows no capability of that name.',
    next: 'Use one of the names listed in the details; they begin with cap:.',
  },
} as const satisfies Record<string, ErrorText>;
