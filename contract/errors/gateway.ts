import type { ErrorText } from './catalogue.ts';

/** Codes of `main/gateway`. */
export const GATEWAY_ERRORS = {
  'gateway.port-in-use': {
    message: 'The gateway port is already in use.',
    next: 'Choose another port, or stop the program that uses it.',
  },
  'gateway.cannot-listen': {
    message: 'The gateway could not open its port on this machine.',
    next: 'Check that programs may listen on 127.0.0.1, or choose another port.',
  },
  'gateway.foreign-host': {
    message: 'The request names a host that is not the gateway.',
    next: 'Use http://localhost with the gateway port.',
  },
  'gateway.foreign-origin': {
    message: 'A page of another origin tried to call the gateway.',
    next: 'Call it from the host page, or from a program that sends no Origin header.',
  },
  'gateway.bad-api-key': {
    message: 'The x-api-key header does not hold the key of this gateway.',
    next: 'Send the key that xwb serve prints, or leave the header out.',
  },
  'gateway.bad-path': {
    message: 'The path of the request is not allowed.',
    next: 'Send a path without dot segments, backslashes, control characters and broken percent-encoding.',
  },
  'gateway.bad-content-type': {
    message: 'The content-type header is not a media type.',
    next: 'Send a media type such as application/json.',
  },
  'gateway.bad-report': {
    message: 'The host page reported messages in a shape the gateway does not know.',
    next: 'Reload the page; if it happens again, report it.',
  },
  'gateway.not-found': {
    message: 'The gateway has nothing at that address.',
    next: 'Open /msp/extensions for the list of installed extensions.',
  },
  'gateway.page-missing': {
    message: 'The host page is not built.',
    next: 'Run npm run build once.',
  },
  'gateway.signed-out': {
    message: 'Nobody is signed in to the local tenant.',
    next: 'Choose a user in the workbench.',
  },
  'gateway.tenant-mismatch': {
    message: 'The tenant of the request is not the tenant of the session.',
    next: 'Leave out x-alga-tenant and x-tenant-id, or send the local tenant.',
  },
  'gateway.not-available': {
    message: 'The extension is not installed or not enabled.',
    next: 'Build it, or enable its install.',
  },
  'gateway.endpoint-not-declared': {
    message: 'The manifest declares no endpoint for this method and path.',
    next: 'Add it to api.endpoints in manifest.json and build again.',
  },
  'gateway.forbidden': {
    message: 'The current user may not call this extension.',
    next: 'Choose a user with the permission, or give the extension a client portal menu label.',
  },
  'gateway.rate-limited': {
    message: 'The extension was called too often.',
    next: 'Wait for the seconds in retry-after; the platform allows 60 calls at once and one more per second.',
  },
  'gateway.unusable-response': {
    message: 'The handler answered with something the platform cannot send on.',
    next: 'Answer with a status from 200 to 599, and with no body at all for 204, 205 and 304.',
  },
  'gateway.payload-too-large': {
    message: 'The request body is larger than 10 MiB.',
    next: 'Send less; the runner takes about 1.5 MB of body.',
  },
  'gateway.envelope-too-large': {
    message: 'The request is larger than the 2 MiB that the runner takes as one JSON document.',
    next: 'Send less than about 1.5 MB of body.',
  },
  'gateway.timeout': {
    message: 'The handler did not answer within the time limit of the gateway.',
    next: 'Answer sooner, or do the work in smaller steps.',
  },
  'gateway.no-component': {
    message: 'The installed bundle holds no component, so there is nothing to call.',
    next: 'Build the extension again.',
  },
  'gateway.runner-failed': {
    message: 'The runner could not run the extension.',
    next: 'See the details in traffic; build again if the component is damaged.',
  },
} as const satisfies Record<string, ErrorText>;
