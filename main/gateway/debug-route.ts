import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readDebugQuery, type DebugQuery, type DebugStreams } from '../hosting/index.ts';
import { refuseForeignPages, refuseWrongApiKey } from './caller-check.ts';
import type { GatewayContext } from './context.ts';
import { MAIN_HOST_PATTERN } from './host-check.ts';
import { readTarget } from './raw-target.ts';

const ROUTE = '/api/ext-debug/stream';
const BODY_LIMIT = 64 * 1024;
const FORBIDDEN: Refusal = { status: 403, error: 'Forbidden' };

/**
 * Adds the platform's consumer API of debug events (spec 4.11): `GET` stays open with server-sent events, `POST`
 * answers `{events, lastId}`. The session's user needs `extension:read`. An explicit tenant is taken as it is, as on
 * the platform; in the strict posture it must be the session's.
 */
export function addDebugStream(app: FastifyInstance, context: GatewayContext, streams: DebugStreams): void {
  const options = {
    constraints: { host: MAIN_HOST_PATTERN },
    onRequest: (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
      refuseForeignPages(request.headers, `http://${request.host.toLowerCase()}`);
      refuseWrongApiKey(request.headers, context.apiKey);
      done();
    },
  };
  app.get(ROUTE, { ...options, exposeHeadRoute: false }, (request, reply) => {
    const asked = admit(context, request);
    if ('error' in asked) return reply.code(asked.status).send({ error: asked.error });
    streams.connect(reply.hijack().raw, asked);
    return reply;
  });
  app.post(ROUTE, { ...options, bodyLimit: BODY_LIMIT }, (request, reply) => {
    const asked = admit(context, request);
    if ('error' in asked) return reply.code(asked.status).send({ error: asked.error });
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    return reply.header('cache-control', 'no-store').send(streams.poll(asked, body));
  });
}

interface Refusal {
  readonly status: number;
  /** In the platform's words. */
  readonly error: string;
}

function admit(context: GatewayContext, request: FastifyRequest): DebugQuery | Refusal {
  const { registry } = context;
  const user = registry.currentUser();
  if (user === undefined) return { status: 401, error: 'Unauthorized' };
  if (!user.permissions.includes('extension:read')) return FORBIDDEN;
  const { tenantId } = registry.tenant();
  const query = readDebugQuery(readTarget(request.raw.url ?? '').query, tenantId);
  if (query === undefined) return { status: 400, error: 'extensionId is required' };
  if (context.posture() === 'strict' && query.tenantId !== tenantId) return FORBIDDEN;
  return { ...query, extensionId: registry.resolve(query.extensionId)?.registryId ?? query.extensionId };
}
