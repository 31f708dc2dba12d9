import {
  toErrorValue,
  type Capability,
  type ExecuteRequest,
  type Execution,
  type ExecutionLimits,
  type Posture,
} from '../../contract/index.ts';
import type { Capabilities, EgressPolicy } from '../capabilities/index.ts';
import {
  executionDiagnostics,
  HostNotes,
  initialMemoryMib,
  type DebugLog,
  type Diagnostic,
} from '../hosting/index.ts';
import type { Runner } from '../runner/index.ts';
import type { ExecuteCall } from './execute.ts';
import { failed, toAnswer, toGuest, toLimits, toUser, type ExecuteAnswer } from './guest-call.ts';
import { failureDiagnostic, STRICT_TIMEOUT_MS } from './strict.ts';

/** What runs work with. */
export interface RunParts {
  readonly runner: Runner;
  readonly capabilities: Capabilities;
  readonly egress: EgressPolicy;
}

/** What one call may do and know, and what is said about it. */
export interface Run {
  readonly call: ExecuteCall;
  readonly componentPath: string;
  readonly capabilities: readonly Capability[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly posture: Posture;
  readonly log: DebugLog;
  readonly said: Diagnostic[];
}

/** Step 7: everything that fails from here on is `execute_failed`, with the whole story in a debug event. */
export async function runGuest(parts: RunParts, run: Run): Promise<ExecuteAnswer> {
  const { document } = run.call;
  const request = toGuest(document);
  if (request === undefined) return executeFailed(run, 'http.body_b64 is not standard base64.');
  const limits = toLimits(document, run.posture === 'strict' ? STRICT_TIMEOUT_MS : undefined);
  if (limits === undefined) {
    return executeFailed(run, 'limits.timeout_ms is missing, which ends the guest at its first step.');
  }
  const notes = new HostNotes();
  try {
    const execution = await callGuest(parts, run, { request, limits, notes });
    const { response, fault } = execution;
    run.said.push(...notes.diagnostics(), ...executionDiagnostics(execution));
    if (fault !== undefined) return await guestFailed(run, fault);
    if (response === undefined) return executeFailed(run, 'The handler ended without an answer.');
    return toAnswer(response);
  } catch (error) {
    const { code, message } = toErrorValue(error);
    run.said.push(...notes.diagnostics(), failureDiagnostic(code, message));
    // Somebody cleared the cache folder between fetching and reading (spec 4.3 step 4: missing file).
    if (code === 'component.unreadable') return failed(502, `bundle_fetch_failed: ${explain(error)}`);
    return executeFailed(run, explain(error), detailOf(error));
  }
}

async function callGuest(
  parts: RunParts,
  { call, componentPath, capabilities, secrets, posture, log }: Run,
  facts: { request: ExecuteRequest; limits: ExecutionLimits; notes: HostNotes },
): Promise<Execution> {
  const { request, limits, notes } = facts;
  const { tenantId, extensionId, installId, versionId, requestId } = request.context;
  const { user } = call.document;
  // Host calls that still wait when the run ends, for example at its time limit, are broken off with it.
  const ended = new AbortController();
  const signal = AbortSignal.any([call.signal, ended.signal]);
  const startedAt = Date.now();
  try {
    return await parts.runner.execute({
      componentPath,
      request,
      limits,
      allowWasiHttp: posture === 'faithful',
      signal: call.signal,
      onLog: line => log.write(line.level, line.message, startedAt + line.offsetMs),
      host: notes.listening(
        parts.capabilities.hostFunctions({
          requestId: requestId ?? call.requestId,
          tenantId,
          extensionId,
          ...(installId !== undefined && { installId }),
          ...(versionId !== undefined && { versionId }),
          capabilities,
          secrets: () => secrets,
          tenant: { tenantId, clientName: user?.client_name ?? user?.company_name ?? '' },
          ...(user && { user: toUser(user) }),
          egress: parts.egress,
          posture,
          signal,
          onLog: line => log.write(line.level, line.message),
        }),
      ),
    });
  } finally {
    ended.abort();
  }
}

async function guestFailed(run: Run, fault: NonNullable<Execution['fault']>): Promise<ExecuteAnswer> {
  const need = fault.code === 'guest.memory' ? await initialMemoryMib(run.componentPath) : undefined;
  const advice = need === undefined ? undefined : `Its memory begins with ${need} MiB.`;
  run.said.push(failureDiagnostic(fault.code, fault.message, advice));
  return executeFailed(run, `${fault.code}: ${fault.message}`, fault.detail);
}

function executeFailed({ log }: Run, reason: string, detail: string = reason): ExecuteAnswer {
  log.failed(detail);
  return failed(500, `execute_failed: ${reason}`);
}

/** Code and sentence of an error, as they stand in an answer. */
export function explain(error: unknown): string {
  const { code, message } = toErrorValue(error);
  return `${code}: ${message}`;
}

function detailOf(error: unknown): string {
  const { details } = toErrorValue(error);
  return details === undefined ? explain(error) : `${explain(error)} ${JSON.stringify(details)}`;
}
