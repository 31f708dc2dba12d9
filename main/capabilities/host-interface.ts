import { z } from 'zod';
import { WorkbenchError, type Capability, type HostCall, type HostReply } from '../../contract/index.ts';
import type { HostContext } from './host-context.ts';

/** Answers one function of an interface. */
export type HostFunction = (context: HostContext, call: HostCall) => HostReply | Promise<HostReply>;

/** The functions of one interface by their WIT names. */
export type HostInterface = Readonly<Record<string, HostFunction>>;

/** Answer of a function without a WIT result. */
export function plain(value: unknown): HostReply {
  return { value };
}

/** The ok side of a WIT result. */
export function ok(value: unknown, bytes?: Uint8Array): HostReply {
  return { value: { ok: value }, ...(bytes && { bytes }) };
}

/** The error side of a WIT result; `note` tells the author what the case does not. */
export function err(errorCase: string, note?: string): HostReply {
  return { value: { err: errorCase }, ...(note !== undefined && { note }) };
}

export function isGranted(context: HostContext, capability: Capability): boolean {
  return context.capabilities.includes(capability);
}

/** What stands in the author's notes where a grant is missing. */
export function notGranted(capability: Capability): string {
  return `${capability} is not granted; declare it in the manifest's capabilities.`;
}

/**
 * Lets `answer` run only with `capability`; without it the guest gets `errorCase` and the host writes an error line,
 * as the rows of spec 3.4 say that do not stay silent.
 */
export function guarded(capability: Capability, errorCase: string, answer: HostFunction): HostFunction {
  return (context, call) => {
    if (isGranted(context, capability)) return answer(context, call);
    const message = `${call.interface}.${call.function}: ${capability} is not granted`;
    context.onLog?.({ level: 'error', message, source: 'host' });
    return err(errorCase, notGranted(capability));
  };
}

/** The install the call is made for, or undefined where there is none; an empty id counts as none (spec 3.4). */
export function installOf(context: HostContext): string | undefined {
  return context.installId === '' ? undefined : context.installId;
}

/** The call's arguments in the shape of the WIT; throws `capabilities.bad-call` for anything else. */
export function argumentsOf<S extends z.ZodType>(schema: S, call: HostCall): z.infer<S> {
  const parsed = schema.safeParse(call.args);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError('capabilities.bad-call', {
    details: { function: `${call.interface}.${call.function}`, problems: z.prettifyError(parsed.error) },
  });
}
