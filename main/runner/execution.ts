import type { Execution, Fault, LogLine } from '../../contract/index.ts';
import type { SourceView } from './adopted.ts';
import type { RunOutcome } from './runs.ts';

/** A native outcome as the rest of the house knows it: in milliseconds, and in the author's terms where there is a view. */
export function toExecution(outcome: RunOutcome, view: SourceView | undefined): Execution {
  const { response, fault } = outcome;
  return {
    ...(response && {
      response: {
        status: response.status,
        headers: response.headers,
        ...(response.body && { body: response.body }),
      },
    }),
    ...(fault && { fault: toFault(fault, view) }),
    durationMs: outcome.durationMicros / 1000,
    peakMemoryBytes: outcome.peakMemoryBytes,
    logs: outcome.logs.flatMap(entry => toLogLine(entry, view) ?? []),
    hostCalls: outcome.hostCalls.map(call => ({
      interface: call.interface,
      function: call.function,
      offsetMs: call.startMicros / 1000,
      durationMs: call.durationMicros / 1000,
      outcome: call.outcome,
    })),
  };
}

/** A native log line, likewise; nothing for what is not the author's. */
export function toLogLine(
  { level, message, offsetMicros }: RunOutcome['logs'][number],
  view: SourceView | undefined,
): LogLine | undefined {
  const text = view ? view.text(message) : message;
  return text === undefined ? undefined : { level, message: text, offsetMs: offsetMicros / 1000 };
}

function toFault(
  { code, message, detail, stderr }: NonNullable<RunOutcome['fault']>,
  view: SourceView | undefined,
): Fault {
  const fault = { code, message, detail, ...(stderr !== undefined && { stderr }) };
  return view ? view.fault(fault) : fault;
}
