import {
  IPC,
  IPC_EVENTS,
  toErrorValue,
  WorkbenchError,
  type IpcChannel,
  type IpcEvent,
  type IpcEventPayload,
  type IpcInput,
  type IpcOutput,
  type IpcResult,
} from '../../contract/index.ts';
import { WINDOW_ORIGIN } from './addresses.ts';

/** One function per channel of the IPC table. */
export type IpcHandlers = {
  readonly [C in IpcChannel]: (input: IpcInput<C>) => Promise<IpcOutput<C>>;
};

/** What is known of who called. */
export interface Sender {
  /** The call came from the top frame of the workbench window itself. */
  readonly isWindowMainFrame: boolean;
  readonly origin: string | undefined;
}

/**
 * Answers one call from a renderer: sender, channel, input, handler, output, in that order; the first that
 * fails is the answer. Never throws: a failure is `{ok: false, error}` with a coded error.
 */
export async function serveCall(
  handlers: Promise<IpcHandlers>,
  sender: Sender,
  channel: unknown,
  input: unknown,
): Promise<IpcResult<unknown>> {
  try {
    assertTrusted(sender);
    if (!isChannel(channel)) {
      throw new WorkbenchError('ipc.unknown-channel', { details: { channel: String(channel).slice(0, 80) } });
    }
    return { ok: true, value: await dispatch(await handlers, channel, input) };
  } catch (error) {
    return { ok: false, error: toErrorValue(error) };
  }
}

/** Checks an event's payload before it leaves for the window; throws `ipc.invalid-output`. */
export function checkEvent<E extends IpcEvent>(event: E, payload: IpcEventPayload<E>): unknown {
  const checked = IPC_EVENTS[event].safeParse(payload);
  if (!checked.success) {
    throw new WorkbenchError('ipc.invalid-output', { details: { event, issues: checked.error.issues } });
  }
  return checked.data;
}

function assertTrusted(sender: Sender): void {
  if (sender.isWindowMainFrame && sender.origin === WINDOW_ORIGIN) return;
  throw new WorkbenchError('ipc.untrusted-sender', { details: { origin: sender.origin ?? 'unknown' } });
}

function isChannel(channel: unknown): channel is IpcChannel {
  return typeof channel === 'string' && Object.hasOwn(IPC, channel);
}

async function dispatch(handlers: IpcHandlers, channel: IpcChannel, input: unknown): Promise<unknown> {
  const given = IPC[channel].input.safeParse(input);
  if (!given.success) {
    throw new WorkbenchError('ipc.invalid-input', { details: { channel, issues: given.error.issues } });
  }
  // The table pairs each handler with the schema that its input has just passed.
  const handler = handlers[channel] as (input: unknown) => Promise<unknown>;
  const answer = await handler(given.data);
  const checked = IPC[channel].output.safeParse(answer);
  if (!checked.success) {
    throw new WorkbenchError('ipc.invalid-output', { details: { channel, issues: checked.error.issues } });
  }
  return checked.data;
}
