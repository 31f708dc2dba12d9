import type { ErrorText } from './catalogue.ts';

/** Codes of `main/secrets`. */
export const SECRETS_ERRORS = {
  'secrets.unreadable': {
    message: 'A stored secret cannot be read with the key of this machine.',
    next: 'Set the secret again; it was sealed elsewhere or the keychain entry is gone.',
  },
  'secrets.locked': {
    message:
      'The secrets of this data folder are sealed with a key in the keychain, which cannot be reached now.',
    next: 'Unlock the keychain (or start it in this session) and restart the workbench.',
  },
  'secrets.damaged-key': {
    message: 'The key file of the data folder is damaged.',
    next: 'Restore secrets.key from a backup, or delete it and set the secrets again.',
  },
} as const satisfies Record<string, ErrorText>;
