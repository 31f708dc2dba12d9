import { randomUUID } from 'node:crypto';
import type { Posture } from '../../contract/index.ts';
import { DebugLog, type DebugEvent, type DebugScope, type Diagnostic } from '../hosting/index.ts';
import type { Bundles } from './bundles.ts';
import type { ExecuteDocument } from './execute-document.ts';
import { failed, type ExecuteAnswer } from './guest-call.ts';
import { explain, runGuest, type RunParts } from './guest-run.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { grantsOf } from './providers.ts';
import type { SecretOpener } from './secret-envelope.ts';
import { deviation, documentDiagnostics, failureDiagnostic, toJson, unknownCapabilities } from './strict.ts';

/** What executions work with. */
export interface ExecuteParts extends RunParts {
  readonly bundles: Bundles;
  readonly secrets: SecretOpener;
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
  const posture = parts.posture();
  const said: Diagnostic[] = [];
  const answer = await answerOnce(parts, call, posture, said);
  return toJson(answer, posture === 'strict' ? said : undefined);
}

/** Steps 1, 2 and 8: routing headers, and the answers that are kept by idempotency key. */
async function answerOnce(
  parts: ExecuteParts,
  call: ExecuteCall,
  posture: Posture,
  said: Diagnostic[],
): Promise<ExecuteAnswer> {
  if (call.tenant === '' || call.extension === '') return failed(400, 'missing_routing_headers');
  if (call.idempotencyKey === '') return process(parts, call, posture, said);
  const strict = posture === 'strict';
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
  const answer = await process(parts, call, posture, said);
  if (answer.error !== null) return answer;
  if (strict && answer.status >= 500) said.push(deviation('idempotency.not-kept'));
  else parts.answers.put(key, answer);
  return answer;
}

/** Steps 3 to 7. */
async function process(
  parts: ExecuteParts,
  call: ExecuteCall,
  posture: Posture,
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
  return runGuest(parts, { call, componentPath, capabilities, secrets, posture, log, said });
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

function scopeOf({ document: { context }, requestId }: ExecuteCall): DebugScope {
  // A call without an id gets one for its events: lines of two such calls could not be told apart.
  const request = context.request_id ?? (requestId === '' ? randomUUID() : requestId);
  return {
    tenant_id: context.tenant_id,
    extension_id: context.extension_id,
    ...(context.install_id != null && { install_id: context.install_id }),
    request_id: request,
    ...(context.version_id != null && { version_id: context.version_id }),
    content_hash: context.content_hash,
  };
}
