import {
  toErrorValue,
  type Capability,
  type ExecuteRequest,
  type Execution,
  type ExecutionLimits,
  type User,
} from '../../contract/index.ts';
import type { Capabilities, EgressPolicy } from '../capabilities/index.ts';
import type { Runner } from '../runner/index.ts';
import type { BundleCache } from './bundle-cache.ts';
import { DebugLog, type DebugEvent, type DebugScope } from './debug-events.ts';
import type { ExecuteDocument } from './execute-document.ts';
import { failed, toAnswer, toGuest, toLimits, type ExecuteAnswer } from './guest-call.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { grantsOf } from './providers.ts';
import { openEnvelope } from './secret-envelope.ts';

/** What executions work with. */
export interface ExecuteParts {
  readonly runner: Runner;
  readonly capabilities: Capabilities;
  readonly bundles: BundleCache;
  readonly egress: EgressPolicy;
  readonly answers: KeptAnswers;
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
 * Runs a call in the platform's order (spec 4.3) and gives the JSON text to send; the HTTP status is always 200. Never
 * rejects for anything a call, a bundle or a guest does.
 */
export async function execute(parts: ExecuteParts, call: ExecuteCall): Promise<string> {
  if (call.tenant === '' || call.extension === '') {
    return JSON.stringify(failed(400, 'missing_routing_headers'));
  }
  const kept = parts.answers.get(call.idempotencyKey);
  if (call.idempotencyKey !== '' && kept !== undefined) return kept;
  const answer = await process(parts, call);
  const text = JSON.stringify(answer);
  if (call.idempotencyKey !== '' && answer.error === null) parts.answers.put(call.idempotencyKey, text);
  return text;
}

/** What one call may do and know. */
interface Granted {
  readonly capabilities: readonly Capability[];
  readonly secrets: Readonly<Record<string, string>>;
}

/** Steps 3 to 7. */
async function process(parts: ExecuteParts, call: ExecuteCall): Promise<ExecuteAnswer> {
  const { document } = call;
  if (!parts.bundles.hasStore) {
    return failed(500, 'engine_init_failed: No bundle store is set (BUNDLE_STORE_BASE).');
  }
  let componentPath: string;
  try {
    componentPath = await parts.bundles.component({
      tenantId: call.tenant,
      registryId: call.extension,
      contentHash: document.context.content_hash,
    });
  } catch (error) {
    return failed(502, `bundle_fetch_failed: ${explain(error)}`);
  }
  const grants = grantsOf(document.providers);
  if (!grants.known) return failed(400, `unknown_capabilities: ${grants.names.join(', ')}`);
  const opened = openEnvelope(document.secret_envelope);
  const log = new DebugLog(scopeOf(call), parts.debugMessageBytes, parts.onDebug);
  if ('reason' in opened) {
    log.write('error', `secret_decrypt_failed: ${opened.reason}`);
    return failed(500, 'secret_decrypt_failed');
  }
  log.hide(Object.values(opened.secrets));
  const granted = { capabilities: grants.capabilities, secrets: opened.secrets };
  return handle(parts, call, log, componentPath, granted);
}

/** Step 7: everything that fails from here on is `execute_failed`, with the whole story in a debug event. */
async function handle(
  parts: ExecuteParts,
  call: ExecuteCall,
  log: DebugLog,
  componentPath: string,
  granted: Granted,
): Promise<ExecuteAnswer> {
  const request = toGuest(call.document);
  if (request === undefined) return executeFailed(log, 'http.body_b64 is not standard base64.');
  const limits = toLimits(call.document);
  if (limits === undefined) {
    return executeFailed(log, 'limits.timeout_ms is missing, which ends the guest at its first step.');
  }
  try {
    const execution = await run(parts, call, log, { componentPath, request, limits, ...granted });
    const { response, fault } = execution;
    if (response !== undefined && fault === undefined) return toAnswer(response);
    if (fault === undefined) return executeFailed(log, 'The handler ended without an answer.');
    return executeFailed(log, `${fault.code}: ${fault.message}`, fault.detail);
  } catch (error) {
    const { code } = toErrorValue(error);
    // Somebody cleared the cache folder between fetching and reading (spec 4.3 step 4: missing file).
    if (code === 'component.unreadable') return failed(502, `bundle_fetch_failed: ${explain(error)}`);
    return executeFailed(log, explain(error), detailOf(error));
  }
}

async function run(
  parts: ExecuteParts,
  call: ExecuteCall,
  log: DebugLog,
  facts: Granted & { componentPath: string; request: ExecuteRequest; limits: ExecutionLimits },
): Promise<Execution> {
  const { componentPath, request, limits } = facts;
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
      host: parts.capabilities.hostFunctions({
        requestId: requestId ?? call.requestId,
        tenantId,
        extensionId,
        ...(installId !== undefined && { installId }),
        ...(versionId !== undefined && { versionId }),
        capabilities: facts.capabilities,
        secrets: () => facts.secrets,
        tenant: { tenantId, clientName: user?.client_name ?? user?.company_name ?? '' },
        ...(user && { user: toUser(user) }),
        egress: parts.egress,
        signal,
        onLog: line => log.write(line.level, line.message),
      }),
    });
  } finally {
    ended.abort();
  }
}

/** The caller vouches for the user; permissions do not travel, so an internal one has those of an agent. */
function toUser(user: NonNullable<ExecuteDocument['user']>): User {
  return {
    userId: user.user_id,
    email: user.user_email,
    name: user.user_name,
    userType: user.user_type,
    ...(user.client_id != null && { clientId: user.client_id }),
    additionalFields: user.additional_fields,
    permissions: user.user_type === 'internal' ? ['extension:read', 'extension:write'] : [],
  };
}

function executeFailed(log: DebugLog, reason: string, detail: string = reason): ExecuteAnswer {
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
