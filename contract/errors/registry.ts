import type { ErrorText } from './catalogue.ts';

/** Codes of `main/store and main/registry`. */
export const REGISTRY_ERRORS = {
  'store.unavailable': {
    message: 'The workbench database could not be opened.',
    next: 'Check that the data folder may be written and that the disk is not full.',
  },
  'registry.not-installed': {
    message: 'That extension is not installed for the local tenant.',
    next: 'Build it; a build installs itself.',
  },
  'registry.unknown-user': {
    message: 'The local tenant has no such user.',
    next: 'Choose one from the list.',
  },
} as const satisfies Record<string, ErrorText>;
