import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toErrorValue, TraceId, type Header } from '../../contract/index.ts';
import type { Hop } from '../traffic/index.ts';
import { decideAccess } from './access-policy.ts';
import { refuseForeignPages, refuseWrongApiKey, single, type IncomingHeaders } from './caller-check.ts';
import type { GatewayContext } from './context.ts';
import { deny, explain, type Answer } from './denials.ts';
import { beginGatewayHop, endGatewayHop, type GatewayHopFacts } from './gateway-hop.ts';
import { isRead, toGuestRequest } from './guest-request.ts';
import { MAIN_HOST_PATTERN } from './host-check.ts';
import { invoke } from './invoke.ts';
import { applyMethodOverride, type Call } from './method-override.ts';
import { readTarget } from './raw-target.ts';
import { writeExactly } from './reply.ts';
import { GATEWAY_METHODS, type Surface } from './surface.ts';

/** One request to a route of a surface, read but not judged. */
interface Incoming extends GatewayHopFacts {
  readonly rawMethod: string;
}

/**
 * On every answer of these routes. Not the platform's: they keep what a guest answers from running as a page of
 * the host page's origin when someone opens its address.
 */
const GUARD_HEADERS: readonly Header[] = [
  { name: 'content-security-policy', value: "sandbox; default-src 'none'" },
  { name: 'x-content-type-options', value: 'nosniff' },
];
const METHODS = [...GATEWAY_METHODS, 'HEAD', 'OPTIONS'];

/**
 * Adds the routes of a surface below `prefix`: the extension id, then the handler's path (spec 6.1). Answers carry
 * `x-xwb-trace` and, where an extension was found, `x-xwb-build` with its content hash; both are ours and never
 * reach a guest. `OPTIONS` tells the methods and allows no other origin, where the platform allows any.
 */
export function addApiRoutes(
  app: FastifyInstance,
  options: { surface: Surface; prefix: string; context: GatewayContext },
): void {
  const { surface, prefix, context } = options;
  app.route({
    method: METHODS,
    url: `${prefix}/*`,
    exposeHeadRoute: false,
    bodyLimit: surface.bodyLimit,
    constraints: { host: MAIN_HOST_PATTERN },
    onRequest: (request, _reply, done) => {
      refuseForeignPages(request.headers, `http://${request.host.toLowerCase()}`);
      refuseWrongApiKey(request.headers, context.apiKey);
      done();
    },
    errorHandler: (error, request, reply) => {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
      const incoming = read(request, surface, context);
      const denial = surface.id === 'direct' ? 'payloadTooLarge' : 'envelopeTooLarge';
      const hop = beginGatewayHop(context.traffic, incoming);
      finish(reply, incoming, hop, deny(surface, denial, { requestId: incoming.requestId }), context);
    },
    handler: async (request, reply) => {
      await buildUnderWay(request, context);
      const incoming = read(request, surface, context);
      if (request.method === 'OPTIONS') {
        writeOptions(reply);
        return;
      }
      const hop = beginGatewayHop(context.traffic, incoming);
      const call = decide(context, incoming, hop, goneSignal(reply)).catch((error: unknown) =>
        deny(surface, 'unexpected', { requestId: incoming.requestId, detail: toErrorValue(error).message }),
      );
      context.running.add(call);
      const answer = await call;
      context.running.delete(call);
      finish(reply, incoming, hop, answer, context);
    },
  });
}

/** A call that comes while a project is opened is for what is in the folder, not for what was installed last. */
function buildUnderWay(request: FastifyRequest, { registry }: GatewayContext): Promise<void> | undefined {
  const [, , extensionId = ''] = readTarget(request.raw.url ?? '').segments;
  return registry.whenLive(extensionId);
}

function writeOptions(reply: FastifyReply): void {
  writeExactly(reply, {
    status: 204,
    headers: [...GUARD_HEADERS, { name: 'allow', value: METHODS.join(', ') }],
  });
}

/** Aborts when the caller goes away before it has its answer. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}

function read(request: FastifyRequest, surface: Surface, context: GatewayContext): Incoming {
  const { segments, query } = readTarget(request.raw.url ?? '');
  const [, , extensionId = '', ...rest] = segments;
  // A decoded slash splits a segment like any other, as where the platform matches endpoints (spec 2.6).
  const parts = rest.flatMap(segment => segment.split('/')).filter(part => part !== '');
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const raw: Call = {
    method: request.method,
    query: new Map(query),
    ...(!isRead(request.method) && { body }),
  };
  return {
    surface,
    path: `/${parts.join('/')}`,
    rawMethod: request.method,
    call: surface.methodOverride ? applyMethodOverride(raw) : raw,
    headers: request.headers,
    requestId: requestIdOf(request.headers),
    traceId: TraceId.safeParse(single(request.headers['x-xwb-trace'])).data ?? randomUUID(),
    install: context.registry.resolve(extensionId),
  };
}

function requestIdOf(headers: IncomingHeaders): string {
  const sent = single(headers['x-request-id']);
  return sent === undefined || sent === '' ? randomUUID() : sent;
}

async function decide(
  context: GatewayContext,
  incoming: Incoming,
  hop: Hop,
  signal: AbortSignal,
): Promise<Answer> {
  const { surface, call, path, headers, requestId, traceId } = incoming;
  const verdict = decideAccess({
    method: call.method,
    path,
    tenantClaims: ['x-alga-tenant', 'x-tenant-id'].flatMap(name => single(headers[name]) ?? []),
    tenantId: context.registry.tenant().tenantId,
    user: context.registry.currentUser(),
    install: incoming.install,
    takeToken: key => context.buckets.take(key),
  });
  if (!verdict.ok) return deny(surface, verdict.denial, { requestId, ...verdict });
  const { install, user } = verdict;
  const guest = toGuestRequest(surface, call, { path, headers, install, requestId });
  noteDecision(hop, incoming, verdict, guest.dropped);
  return invoke(context, { surface, guest, install, user, requestId, traceId, hop, signal });
}

function noteDecision(
  hop: Hop,
  { call, rawMethod, requestId }: Incoming,
  { endpoint, user }: Extract<ReturnType<typeof decideAccess>, { ok: true }>,
  dropped: readonly string[],
): void {
  hop.note('Endpoint', `${endpoint.method} ${endpoint.path} → ${endpoint.handler}`);
  hop.note('As', `${user.name}, ${user.userType}`);
  hop.note('Request id', requestId);
  if (call.method !== rawMethod) hop.note('Method', `${rawMethod} with __method ${call.method}`);
  if (dropped.length > 0) hop.note('Headers dropped', dropped.join(', '));
}

/** Closes the hop and writes the answer, in the chosen posture. */
function finish(
  reply: FastifyReply,
  incoming: Incoming,
  hop: Hop,
  decided: Answer,
  context: GatewayContext,
): void {
  const answer = context.posture() === 'strict' ? explain(decided) : decided;
  endGatewayHop(hop, answer);
  const build = incoming.install && { name: 'x-xwb-build', value: incoming.install.buildHash };
  const trace = { name: 'x-xwb-trace', value: incoming.traceId };
  const headers = [...GUARD_HEADERS, trace, ...(build ? [build] : []), ...answer.headers];
  writeExactly(reply, { ...answer, headers });
}
