import type { ErrorText } from './catalogue.ts';

const REBUILD = 'Build the extension again; if it stays, report it with the component.';

/** Codes of `main/runner` and of the native addon, whose failures arrive under the same names. */
export const RUNNER_ERRORS = {
  'runner.addon-missing': {
    message: 'The native runner is not built for this machine.',
    next: 'Run npm start once; it builds the runner.',
  },
  'engine.create': {
    message: 'The WebAssembly engine could not be started.',
    next: 'Close programs that use much memory and try again.',
  },
  'engine.busy': {
    message: 'Too many runs at the same time.',
    next: 'Wait for some to end.',
  },
  'cache.unusable': {
    message: 'The folder for compiled components cannot be used.',
    next: 'Check that the data folder may be written and that the disk is not full.',
  },
  'component.unreadable': {
    message: 'The component file cannot be read.',
    next: 'Build the extension again.',
  },
  'component.replaced': {
    message: 'A newer build took the place of the one that was called.',
    next: 'Call again.',
  },
  'component.too_large': { message: 'The component file is too large.', next: 'Make the handler smaller.' },
  'component.empty': { message: 'The component file is empty.', next: REBUILD },
  'component.not_wasm': {
    message: 'The file is not WebAssembly.',
    next: 'Give a component that a build made.',
  },
  'component.core_module': {
    message: 'The file is a core module, not a component.',
    next: 'Build it as a component, for example with componentize-js or wasm-tools component new.',
  },
  'component.invalid': { message: 'The component is not valid.', next: REBUILD },
  'component.unknown_import': {
    message: 'The component imports something the platform does not offer.',
    next: 'Use an interface of the world the platform publishes; the nearest one is named.',
  },
  'component.link': { message: 'The component does not fit the interfaces of the platform.', next: REBUILD },
  'component.no_handler': {
    message: 'The component exports no handler.',
    next: 'Export a function named handler.',
  },
  'component.handler_type': {
    message: 'The exported handler has another type than the platform calls.',
    next: 'Build against the WIT of the platform.',
  },
  'request.limits': {
    message: 'A limit of the run is out of range.',
    next: 'Give a value the message allows.',
  },
  'native.panic': {
    message: 'The native runner met a defect of its own; the call was ended, nothing else.',
    next: 'Report it with the details.',
  },
  'guest.trap': {
    message: 'The extension trapped.',
    next: 'See the details and the lines it logged before.',
  },
  'guest.stack_overflow': { message: 'The extension ran out of stack.', next: 'Look for endless recursion.' },
  'guest.timeout': {
    message: 'The extension was stopped at its time limit.',
    next: 'Look for endless loops and slow host calls, or raise the limit of the run.',
  },
  'guest.memory': {
    message: 'The extension reached its memory limit.',
    next: 'Keep less in memory at once.',
  },
  'guest.table': {
    message: 'The extension reached its limit of table elements.',
    next: 'Build it with a smaller table; no official tool makes one that grows like this.',
  },
  'guest.instances': {
    message: 'The extension is made of more parts than a run may have.',
    next: 'Build it as one component with fewer modules.',
  },
  'guest.cancelled': { message: 'The run was cancelled.', next: 'Call it again when you are ready.' },
  'guest.host_calls': {
    message: 'The extension made too many host calls.',
    next: 'Look for a loop around them.',
  },
  'guest.response_too_large': { message: 'The answer is too large.', next: 'Answer in pages.' },
  'guest.transfer_too_large': {
    message: 'The extension passed too much to the host at once.',
    next: 'Pass it in pieces.',
  },
  'guest.exit': { message: 'The extension ended itself.', next: 'Return a response instead of exiting.' },
  'guest.failed': { message: 'The extension could not be run.', next: REBUILD },
  'host.failed': {
    message: 'A host function failed.',
    next: 'See the details; report it if they do not help.',
  },
  'host.timeout': {
    message: 'A host function did not answer in time.',
    next: 'Look at the call in the traffic: what it waits for hangs or is slow.',
  },
  'host.reply_shape': {
    message: 'A host function answered in the wrong shape.',
    next: 'Report it with the details.',
  },
} as const satisfies Record<string, ErrorText>;
