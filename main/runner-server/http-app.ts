import { createReadStream } from 'node:fs';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { readDebugQuery, splitTarget, type DebugStreams } from '../hosting/index.ts';
import type { Bundles } from './bundles.ts';
import { ENVELOPE_LIMIT, isJson, readDocument } from './execute-document.ts';
import { execute, type ExecuteParts } from './execute.ts';
import { redirectOf } from './host-redirect.ts';
import type { InstallRegistry } from './install-registry.ts';
import { isExtensionHost, type RunnerUi } from './runner-ui.ts';

/** What the routes work with. */
export interface HttpParts extends ExecuteParts {
  readonly registry: InstallRegistry;
  readonly ui: RunnerUi;
  readonly debugStreams: DebugStreams;
  readonly cacheMaxBytes: string | undefined;
  /** Calls under way; closing the server waits for them. */
  readonly running: Set<Promise<unknown>>;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

const DEBUG_ROUTE = '/api/ext-debug/stream';
const POLL_LIMIT = 64 * 1024;

/** On every answer, failures included (spec 4.1). */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Names of this machine in a Host header; others are refused, which defeats name rebinding. */
const OWN_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

const UI_PREFIX = '/ext-ui/';

/** Methods of each route, for 405; GET answers HEAD, too. */
const METHODS: Readonly<Record<string, string>> = {
  '/': 'GET,HEAD',
  '/healthz': 'GET,HEAD',
  '/warmup': 'POST',
  '/v1/execute': 'POST',
  [DEBUG_ROUTE]: 'GET,POST',
};

/**
 * The runner's routes (spec 4.1), and the consumer API of the debug stream, which on the platform is the server's
 * (spec 4.11). There is no authentication, as on the platform; instead pages of any origin are refused where handlers
 * are run and events are read: a program sends no `Origin`.
 */
export function createHttpApp(parts: HttpParts): FastifyInstance {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: true,
    forceCloseConnections: true,
    // A missing Host has an answer of its own here.
    http: { requireHostHeader: false },
    frameworkErrors: answerError,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: ENVELOPE_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', (request, reply, done) => {
    const host = request.raw.headers.host ?? '';
    const path = pathOf(request);
    // The root is asked under the hosts of installs; it answers with an address on the same host only.
    const ownHost = OWN_HOST.test(host) || path === '/';
    if (ownHost || (path.startsWith(UI_PREFIX) && isExtensionHost(host))) done();
    else text(reply, host === '' ? 400 : 421, 'Address the runner as localhost or 127.0.0.1.');
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('cache-control', IMMUTABLE);
    done();
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const methods = METHODS[pathOf(request)];
    if (methods === undefined) return reply.code(404).send();
    return reply.code(405).header('allow', methods).send();
  });
  addExecute(app, parts);
  addRoutes(app, parts);
  addUi(app, parts);
  addDebugStream(app, parts);
  return app;
}

function addExecute(app: FastifyInstance, parts: HttpParts): void {
  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    // Before the body is read: the type is refused first, whatever the size (spec 4.2).
    if (isFromPage(request)) refusePage(reply);
    else if (isJson(request.headers['content-type'])) done();
    else text(reply, 415, 'Send the envelope as application/json.');
  };
  app.post('/v1/execute', { onRequest, bodyLimit: ENVELOPE_LIMIT }, async (request, reply) => {
    const document = readDocument(request.body instanceof Uint8Array ? request.body : new Uint8Array());
    if ('status' in document) return text(reply, document.status, document.text);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const running = execute(parts, {
      tenant: header(request, 'x-alga-tenant'),
      extension: header(request, 'x-alga-extension'),
      requestId: header(request, 'x-request-id'),
      idempotencyKey: header(request, 'x-idempotency-key'),
      document,
      signal: AbortSignal.any([gone.signal, parts.closing]),
    });
    parts.running.add(running);
    const answer = await running.finally(() => parts.running.delete(running));
    return json(reply, 200, answer);
  });
}

function addRoutes(app: FastifyInstance, { bundles, registry, cacheMaxBytes }: HttpParts): void {
  app.get('/', async (request, reply) => {
    const answer = await redirectOf(registry, request.raw.headers.host ?? '');
    if ('location' in answer) return reply.code(307).header('location', answer.location).send();
    return text(reply, answer.status, answer.text);
  });
  app.get('/healthz', async (_request, reply) => {
    const health = await healthOf(bundles, cacheMaxBytes);
    return json(reply, health.cache_writable ? 200 : 503, JSON.stringify(health));
  });
  app.post('/warmup', (_request, reply) =>
    text(reply, 400, 'warmup unsupported without tenant + extension context'),
  );
}

function addUi(app: FastifyInstance, { ui }: HttpParts): void {
  app.get(`${UI_PREFIX}*`, async (request, reply) => {
    const answer = await ui.answer({
      rawUrl: request.raw.url ?? '',
      host: request.raw.headers.host ?? '',
      tenantHeader: header(request, 'x-tenant-id'),
      ifNoneMatch: header(request, 'if-none-match'),
    });
    const body = answer.file === undefined ? Buffer.from(answer.text ?? '') : createReadStream(answer.file);
    return reply.code(answer.status).headers(answer.headers).send(body);
  });
}

/** Both forms of the debug stream; nobody is signed in here, so the tenant must be named. */
function addDebugStream(app: FastifyInstance, { debugStreams }: HttpParts): void {
  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (isFromPage(request)) refusePage(reply);
    else if (queryOf(request) === undefined) json(reply, 400, '{"error":"extensionId is required"}');
    else done();
  };
  app.get(DEBUG_ROUTE, { onRequest, exposeHeadRoute: false }, (request, reply) => {
    const query = queryOf(request);
    if (query !== undefined) debugStreams.connect(reply.hijack().raw, query);
  });
  app.post(DEBUG_ROUTE, { onRequest, bodyLimit: POLL_LIMIT }, (request, reply) => {
    const query = queryOf(request);
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    if (query !== undefined) json(reply, 200, JSON.stringify(debugStreams.poll(query, body)));
  });
}

function queryOf(request: FastifyRequest): ReturnType<typeof readDebugQuery> {
  return readDebugQuery(new URLSearchParams(splitTarget(request.raw.url ?? '').query), '');
}

/** A browser says from where it asks, at least where it matters; a program does not. */
function isFromPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return headers.origin !== undefined || (site !== undefined && site !== 'none');
}

function refusePage(reply: FastifyReply): void {
  text(reply, 403, 'Web pages may not call the runner.');
}

/** Body of `/healthz` (spec 4.1); a store that does not answer does not change the status. */
async function healthOf(
  bundles: Bundles,
  cacheMaxBytes: string | undefined,
): Promise<{ cache_writable: boolean; bundle_store: string; ext_cache_max_bytes: string | null }> {
  const [writable, reachable] = await Promise.all([bundles.writable(), bundles.reachable()]);
  return {
    cache_writable: writable,
    bundle_store: reachable ? 'ok' : 'bundle_store_unreachable',
    ext_cache_max_bytes: cacheMaxBytes ?? null,
  };
}

/** Status of each refusal of the HTTP framework. */
const FRAMEWORK_STATUSES: Readonly<Record<string, number>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 413,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 400,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 415,
  FST_ERR_BAD_URL: 400,
};

function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const status = FRAMEWORK_STATUSES[code] ?? 500;
  reply.header('cache-control', IMMUTABLE);
  void text(reply, status, error instanceof Error ? error.message : String(error));
}

function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '').split('?', 1)[0] ?? '';
}

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function text(reply: FastifyReply, status: number, sentence: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(sentence);
}

/** As bytes: the framework adds a charset to text, which JSON has none of. */
function json(reply: FastifyReply, status: number, document: string): FastifyReply {
  return reply.code(status).header('content-type', 'application/json').send(Buffer.from(document));
}
