import { toErrorValue, WorkbenchError, type Execution, type User } from '../../contract/index.ts';
import { executionDiagnostics, unusable } from '../hosting/index.ts';
import type { Hop, HopError } from '../traffic/index.ts';
import type { ResolvedInstall } from '../registry/index.ts';
import type { Runnable } from '../runner/index.ts';
import type { GatewayContext } from './context.ts';
import { debugLogOf } from './debug-log-of.ts';
import { deny, type Answer } from './denials.ts';
import { envelopeBytes, type GuestRequest } from './guest-request.ts';
import { toAnswer } from './guest-response.ts';
import { epochNow, parentOf, RunRecorder } from './recorder.ts';
import { MIB, RUNNER_ENVELOPE_LIMIT, type Surface } from './surface.ts';

/** A call that access policy let through. */
export interface Invocation {
  readonly surface: Surface;
  readonly guest: GuestRequest;
  readonly install: ResolvedInstall;
  readonly user: User;
  readonly requestId: string;
  readonly traceId: string;
  /** The gateway's hop, under which the run is recorded. */
  readonly hop: Hop;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
}

/** The runner's own limit gets this much longer than its time, so that its better explanation is the one told. */
const GRACE_MS = 500;

/**
 * Runs the handler of an install and maps what comes of it (spec 4.3 to 4.5, 6.4): a response; a failure that the
 * runner reports, which is its status with an empty body; a time-out or a broken runner, which is `bad_gateway`.
 * Never rejects for any of these.
 */
export async function invoke(context: GatewayContext, invocation: Invocation): Promise<Answer> {
  const { surface, guest, install, requestId } = invocation;
  const bytes = envelopeBytes(guest.request, install);
  if (bytes > RUNNER_ENVELOPE_LIMIT)
    return deny(surface, 'envelopeTooLarge', {
      requestId,
      detail: `The document would have ${bytes} bytes.`,
    });
  const runnable = runnableOf(install);
  if (!runnable) return runnerReported(502, new WorkbenchError('gateway.no-component'));
  const scope = `${install.registryId} ${install.buildHash}`;
  const { idempotencyKey } = guest;
  const repeated = idempotencyKey === undefined ? undefined : context.answers.get(scope, idempotencyKey);
  if (repeated !== undefined) {
    invocation.hop.note('Idempotency', 'The answer of an earlier call with this key was repeated.');
    return answerOf(surface, requestId, { response: repeated });
  }
  const outcome = await run(context, invocation, runnable);
  if ('answer' in outcome) return outcome.answer;
  if (outcome.response !== undefined && idempotencyKey !== undefined)
    context.answers.put(scope, idempotencyKey, outcome.response);
  return answerOf(surface, requestId, outcome);
}

function runnableOf({ sourceId, componentPath }: ResolvedInstall): Runnable | undefined {
  if (sourceId !== undefined) return { sourceId };
  return componentPath === undefined ? undefined : { componentPath };
}

/** Runs the component and records the handler's hop with everything below it. */
async function run(
  context: GatewayContext,
  invocation: Invocation,
  runnable: Runnable,
): Promise<Execution | { answer: Answer }> {
  const { surface, requestId } = invocation;
  const patience = new AbortController();
  const signal = AbortSignal.any([invocation.signal, patience.signal]);
  let timer: NodeJS.Timeout | undefined;
  try {
    // Compiling is not part of a handler's time (spec 4.7); a component that is compiled already costs nothing here.
    if ('componentPath' in runnable) await context.runner.warm(runnable.componentPath);
    timer = setTimeout(() => patience.abort(), context.timeoutMs + GRACE_MS);
    return await untilAborted(execute(context, invocation, runnable, signal), signal);
  } catch (error) {
    if (patience.signal.aborted) return { answer: deny(surface, 'timeout', { requestId }) };
    return { answer: failedRun(surface, requestId, error, invocation.signal.aborted) };
  } finally {
    clearTimeout(timer);
  }
}

async function execute(
  context: GatewayContext,
  invocation: Invocation,
  runnable: Runnable,
  signal: AbortSignal,
): Promise<Execution> {
  const { install, guest, user, requestId, traceId, surface } = invocation;
  const facts = { traceId, requestId, extension: install.name, contentHash: install.buildHash };
  const startedAt = epochNow();
  const hop = context.traffic.begin({
    ...facts,
    ...parentOf(invocation.hop.id),
    kind: 'handler',
    from: 'gateway',
    to: 'handler',
    what: 'handler',
    detail: `${install.name} ${install.version}`,
    startedAt,
    request: { headers: [...guest.request.http.headers], ...bodyOf(guest.request.http.body) },
  });
  const debug = debugLogOf(context, install, requestId);
  const recorder = new RunRecorder(context.traffic, facts, hop.id, startedAt, debug);
  try {
    const execution = await context.runner.execute({
      ...runnable,
      request: guest.request,
      limits: { timeoutMs: context.timeoutMs },
      allowWasiHttp: context.posture() === 'faithful',
      signal,
      onLog: line => recorder.log(line),
      host: recorder.listening(
        context.capabilities.hostFunctions({
          requestId,
          tenantId: install.tenantId,
          extensionId: install.registryId,
          installId: install.installId,
          versionId: install.versionId,
          capabilities: install.capabilities,
          secrets: () => context.registry.secrets(install.installId),
          user: surface.userAdditionalFields ? user : { ...user, additionalFields: {} },
          tenant: context.registry.tenant(),
          egress: context.egress,
          posture: context.posture(),
          signal,
          onLog: line => recorder.hostLog(line.level, line.message),
        }),
      ),
    });
    recorder.finish(execution);
    if (execution.fault) debug.failed(execution.fault.detail);
    endHandlerHop(hop, execution, context.timeoutMs);
    return execution;
  } catch (error) {
    const { code, message } = toErrorValue(error);
    recorder.finish({ logs: [], hostCalls: [] });
    debug.failed(`${code}: ${message}`);
    hop.end({ status: signal.aborted ? 'aborted' : 'failed', outcome: 'error', error: { code, message } });
    throw error;
  }
}

function endHandlerHop(hop: Hop, execution: Execution, timeoutMs: number): void {
  const { response, fault } = execution;
  hop.note('Time limit', timeText(timeoutMs));
  hop.note('Peak memory', `${(execution.peakMemoryBytes / MIB).toFixed(1)} MiB`);
  // An exception is told with its stack already.
  const said = fault?.exception ? '' : (fault?.stderr ?? '');
  if (said !== '') hop.note('Standard error', said);
  for (const { message } of executionDiagnostics(execution)) hop.note('Note', message);
  hop.end({
    status: response === undefined ? (fault?.code ?? 'failed') : String(response.status),
    outcome: fault === undefined && response !== undefined && response.status < 400 ? 'ok' : 'error',
    durationMs: execution.durationMs,
    ...(response && { response: { headers: [...response.headers], ...bodyOf(response.body) } }),
    ...(fault && { error: faultOf(fault) }),
  });
}

function faultOf({ code, message, detail, exception }: NonNullable<Execution['fault']>): HopError {
  return { code, message, detail, ...(exception && { exception }) };
}

function timeText(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

/** A finished run as the caller gets it. */
function answerOf(
  surface: Surface,
  requestId: string,
  { response, fault }: Pick<Execution, 'response' | 'fault'>,
): Answer {
  if (fault?.code === 'guest.timeout') return deny(surface, 'timeout', { requestId, detail: fault.message });
  if (fault !== undefined || response === undefined) return guestFailed(fault);
  const reason = unusable(response);
  if (reason !== undefined) return deny(surface, 'unusableResponse', { requestId, detail: reason });
  try {
    return toAnswer(surface, response);
  } catch (error) {
    return deny(surface, 'unusableResponse', { requestId, detail: toErrorValue(error).message });
  }
}

/** What a run that never came to an end is to the caller (spec 6.4). */
function failedRun(surface: Surface, requestId: string, error: unknown, callerGone: boolean): Answer {
  const { code, message, next } = toErrorValue(error);
  const facts = { requestId, code, detail: message };
  if (callerGone) return deny(surface, 'runnerFailed', { requestId, detail: 'The caller went away.' });
  // A component that cannot be read, compiled or linked is a failure that the runner reports (spec 4.3 steps 4, 7).
  if (code.startsWith('component.')) {
    const status = code === 'component.unreadable' ? 502 : 500;
    return { status, headers: [], failure: { code, message, next } };
  }
  return deny(surface, code === 'runner.addon-missing' ? 'notConfigured' : 'runnerFailed', facts);
}

/** What the platform's runner calls `execute_failed`: status 500, its explanation dropped on the way (spec 6.4). */
function guestFailed(fault: Execution['fault']): Answer {
  return {
    status: 500,
    headers: [],
    failure: {
      code: fault?.code ?? 'guest.failed',
      message: fault?.message ?? 'The handler ended without an answer.',
      detail: [fault?.detail, fault?.stderr].filter(text => text !== undefined && text !== '').join('\n'),
      next: 'Mend the handler; the platform would tell its caller nothing but the status.',
    },
  };
}

/** A failure that the runner reports in its document: its status, an empty body (spec 6.4 last row). */
function runnerReported(status: number, error: WorkbenchError): Answer {
  const { code, message, next } = error;
  return { status, headers: [], failure: { code, message, next } };
}

/** The promise, or a rejection as soon as the signal aborts, whichever is first. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(new WorkbenchError('gateway.timeout'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function bodyOf(body: Uint8Array | undefined): { body?: Uint8Array } {
  return body === undefined ? {} : { body };
}
