import { z } from 'zod';
import type { CapabilityLog } from './host-context.ts';
import { argumentsOf, isGranted, plain, type HostFunction, type HostInterface } from './host-interface.ts';

const Message = z.object({ message: z.string() });

function log(level: CapabilityLog['level']): HostFunction {
  return (context, call) => {
    const { message } = argumentsOf(Message, call);
    if (isGranted(context, 'cap:log.emit')) context.onLog?.({ level, message, source: 'guest' });
    return plain(null);
  };
}

/**
 * `alga:extension/logging` (spec 3.4): without `cap:log.emit` lines are dropped without a word. The native runner
 * answers it without asking; this is for hosts that do ask.
 */
export const loggingInterface: HostInterface = {
  'log-info': log('info'),
  'log-warn': log('warn'),
  'log-error': log('error'),
};
