import type { ErrorText } from './catalogue.ts';

/** Codes of `main/gateway`. */
export const GATEWAY_ERRORS = {
  'gateway.port-in-use': {
    message: 'The gateway port is already in use.',
    next: 'Choose another port, or stop the program that uses it.',
  },
} as const satisfies Record<string, ErrorText>;
