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
  DebugLog,
  executionDiagnostics,
  HostNotes,
  initialMemoryMib,
  type DebugEvent,
  type DebugScope,
  type Diagnostic,
} from '../hosting/index.ts';
import type { Runner } from '../runner/index.ts';
import type { Bundles } from './bundles.ts';
import type { ExecuteDocument } from './execute-document.ts';
import { failed, toAnswer, toGuest, toLimits, toUser, type ExecuteAnswer } from './guest-call.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { grantsOf } from './providers.ts';
import type { SecretOpener } from './secret-envelope.ts';
import {
  deviation,
  documentDiagnostics,
  failureDiagnostic,
  STRICT_TIMEOUT_MS,
  toJson,
  unknownCapabilities,
} from './strict.ts';

/** What executions work with. */
export interface ExecuteParts {
  readonly runner: Runner;
  readonly capabilities: Capabilities;
  readonly bundles: Bundles;
  readonly secrets: SecretOpener;
  readonly egress: EgressPolicy;
  readonly answers: KeptAnswers;
  readonly posture: () => Posture;
  readonly debugMessageBytes: number;
  readonly onDebug: (event: DebugEvent) => void;
}

/** One `POST /v1/execute` that was read. Headers that were not sent are empty. */
export interface ExecuteCall {
  readonly tenant: string;
  readonly extension: string;
  readonly requestId: string;
  readonly idempotencyKey: string;
  readonly document: ExecuteDocument;
  /** Aborts when the caller goes away or the server closes. */
  readonly signal: AbortSignal;
}

/**
 * Runs a call in the platform's order (spec 4.3) and gives the JSON text to send; the HTTP status is always 200. In the
 * strict posture the document has `diagnostics`, too, which name every deviation (spec 13.1). Never rejects for anything
 * a call, a bundle or a guest does.
 */
export async function execute(parts: ExecuteParts, call: ExecuteCall): Promise<string> {
  const strict = parts.posture() === 'strict';
  const said: Diagnostic[] = [];
  const answer = await answerOnce(parts, call, strict, said);
  return toJson(answer, strict ? said : undefined);
}

/** Steps 1, 2 and 8: routing headers, and the answers that are kept by idempotency key. */
async function answerOnce(
  parts: ExecuteParts,
  call: ExecuteCall,
  strict: boolean,
  said: Diagnostic[],
): Promise<ExecuteAnswer> {
  if (call.tenant === '' || call.extension === '') return failed(400, 'missing_routing_headers');
  if (call.idempotencyKey === '') return process(parts, call, strict, said);
  // One key for everyone, as on the platform; strict keeps callers apart.
  const key = strict
    ? JSON.stringify([call.tenant, call.extension, call.idempotencyKey])
    : call.idempotencyKey;
  if (strict) said.push(deviation('idempotency.scoped'));
  const kept = parts.answers.get(key);
  if (kept !== undefined) {
    said.push(deviation('idempotency.repeated'));
    return kept;
  }
  const answer = await process(parts, call, strict, said);
  if (answer.error !== null) return answer;
  if (strict && answer.status >= 500) said.push(deviation('idempotency.not-kept'));
  else parts.answers.put(key, answer);
  return answer;
}

/** What one call may do and know, and what is said about it. */
interface Run {
  readonly call: ExecuteCall;
  readonly componentPath: string;
  readonly capabilities: readonly Capability[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly strict: boolean;
  readonly log: DebugLog;
  readonly said: Diagnostic[];
}

/** Steps 3 to 7. */
async function process(
  parts: ExecuteParts,
  call: ExecuteCall,
  strict: boolean,
  said: Diagnostic[],
): Promise<ExecuteAnswer> {
  const { document, tenant: tenantId, extension: registryId } = call;
  const { content_hash: contentHash, install_id: installId } = document.context;
  if (!parts.bundles.hasStore) {
    return failed(500, 'engine_init_failed: No bundle store is set (BUNDLE_STORE_BASE).');
  }
  const componentPath = await fetchComponent(parts.bundles, { tenantId, registryId, contentHash });
  if (typeof componentPath !== 'string') return componentPath;
  const grants = grantsOf(document.providers);
  if (!grants.known) {
    said.push(...unknownCapabilities(grants.names));
    return failed(400, `unknown_capabilities: ${grants.names.join(', ')}`);
  }
  const { capabilities } = grants;
  const owner = { tenantId, extensionId: registryId, installId: installId ?? undefined };
  const opened = await parts.secrets.open(document.secret_envelope, owner);
  const secrets = 'secrets' in opened ? opened.secrets : {};
  const log = new DebugLog(scopeOf(call), {
    emit: parts.onDebug,
    secrets: () => Object.values(secrets),
    maxBytes: parts.debugMessageBytes,
  });
  if ('reason' in opened) {
    log.write('error', `secret_decrypt_failed: ${opened.reason}`);
    said.push(failureDiagnostic('secrets.unreadable', opened.reason));
    return failed(500, 'secret_decrypt_failed');
  }
  const mayFetch = capabilities.includes('cap:http.fetch');
  said.push(...documentDiagnostics(document, { egress: parts.egress, mayFetch, now: Date.now() }));
  return handle(parts, { call, componentPath, capabilities, secrets, strict, log, said });
}

/** Step 4: the component's file, or the answer that says why there is none. */
async function fetchComponent(
  bundles: Bundles,
  name: Parameters<Bundles['unpacked']>[0],
): Promise<string | ExecuteAnswer> {
  try {
    const { componentPath } = await bundles.unpacked(name);
    return (
      componentPath ??
      failed(502, 'bundle_fetch_failed: bundle.unreadable: The bundle holds no dist/main.wasm.')
    );
  } catch (error) {
    return failed(502, `bundle_fetch_failed: ${explain(error)}`);
  }
}

/** Step 7: everything that fails from here on is `execute_failed`, with the whole story in a debug event. */
async function handle(parts: ExecuteParts, run: Run): Promise<ExecuteAnswer> {
  const { document } = run.call;
  const request = toGuest(document);
  if (request === undefined) return executeFailed(run, 'http.body_b64 is not standard base64.');
  const limits = toLimits(document, run.strict ? STRICT_TIMEOUT_MS : undefined);
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
  parts: ExecuteParts,
  { call, componentPath, capabilities, secrets, log }: Run,
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
          posture: parts.posture(),
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
  log.write('error', detail.startsWith('execute_failed') ? detail : `execute_failed: ${detail}`);
  return failed(500, `execute_failed: ${reason}`);
}

function scopeOf({ document: { context }, requestId }: ExecuteCall): DebugScope {
  const request = context.request_id ?? requestId;
  return {
    tenant_id: context.tenant_id,
    extension_id: context.extension_id,
    ...(context.install_id != null && { install_id: context.install_id }),
    ...(request !== '' && { request_id: request }),
    ...(context.version_id != null && { version_id: context.version_id }),
    content_hash: context.content_hash,
  };
}

function explain(error: unknown): string {
  const { code, message } = toErrorValue(error);
  return `${code}: ${message}`;
}

function detailOf(error: unknown): string {
  const { details } = toErrorValue(error);
  return details === undefined ? explain(error) : `${explain(error)} ${JSON.stringify(details)}`;
}
