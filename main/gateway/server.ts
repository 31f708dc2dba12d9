import { createReadStream } from 'node:fs';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { toErrorValue, WorkbenchError, type ErrorCode } from '../../contract/index.ts';
import type { DebugStreams, UiAnswer } from '../hosting/index.ts';
import type { Registry } from '../registry/index.ts';
import { BRIDGE_BODY_LIMIT, readBatch, recordBatch } from './bridge-events.ts';
import { refuseForeignPages, refuseWrongApiKey, single } from './caller-check.ts';
import type { GatewayContext } from './context.ts';
import { addDebugStream } from './debug-route.ts';
import type { PageEvents } from './events.ts';
import { addExtDirect } from './ext-direct.ts';
import { addExtProxy } from './ext-proxy.ts';
import type { UiServer } from './ext-ui.ts';
import { EXTENSION_HOST_PATTERN, MAIN_HOST_PATTERN, siteOf, type Site } from './host-check.ts';
import { hostPagePolicy, type HostPage } from './host-page.ts';
import { passOn } from './page-pass.ts';
import { readTarget } from './raw-target.ts';

/** What the routes need; the port is known only once the sockets are open. */
export interface Routes {
  readonly context: GatewayContext;
  readonly registry: Registry;
  readonly ui: UiServer;
  readonly page: HostPage;
  readonly events: PageEvents;
  readonly debugStreams: DebugStreams;
  readonly port: () => number;
  /** Registry id of the install whose own host has this label. */
  readonly registryIdOf: (label: string) => string | undefined;
  /** Origins that may frame the host page. */
  readonly pageAncestors: readonly string[];
}

/** HTTP status of each of our own refusals; what the platform refuses stands in denials.ts. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  'gateway.foreign-host': 421,
  'gateway.foreign-origin': 403,
  'gateway.bad-api-key': 401,
  'gateway.bad-path': 400,
  'gateway.bad-content-type': 415,
  'gateway.bad-report': 400,
  'gateway.not-found': 404,
};

const MAIN = { constraints: { host: MAIN_HOST_PATTERN } };
const EXTENSION = { constraints: { host: EXTENSION_HOST_PATTERN } };

/**
 * Builds the HTTP application. Two sites that share no route but the files of `/ext-ui/`: the main one (host page,
 * API, `/_xwb/`) and one host for each install. The Host header is checked before anything else.
 */
export function createHttpApp(routes: Routes): FastifyInstance {
  const app = fastify({ logger: false, exposeHeadRoutes: true, frameworkErrors: answerError });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', (request, _reply, done) => {
    const site = ownSite(routes, request);
    // Files of extensions have path rules and answers of their own (spec 5.3).
    if (site.kind === 'main' && !request.raw.url?.startsWith('/ext-ui/')) readTarget(request.raw.url ?? '');
    done();
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(() => {
    throw new WorkbenchError('gateway.not-found');
  });
  addExtProxy(app, routes.context);
  addExtDirect(app, routes.context);
  addDebugStream(app, routes.context, routes.debugStreams);
  addUiRoutes(app, routes);
  addPageRoutes(app, routes);
  addBridgeRoutes(app, routes);
  return app;
}

function ownSite(routes: Routes, request: FastifyRequest): Site {
  const site = siteOf(request.raw.headers.host, routes.port(), routes.registryIdOf);
  if (site === undefined)
    throw new WorkbenchError('gateway.foreign-host', { details: { host: request.raw.headers.host } });
  return site;
}

function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const known = asKnown(error);
  const value = toErrorValue(known);
  void reply
    .code(STATUSES[value.code] ?? 500)
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .send({ error: value });
}

/** The framework's own refusals under our codes. */
function asKnown(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_BAD_URL') return new WorkbenchError('gateway.bad-path', { cause: error });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new WorkbenchError('gateway.bad-content-type', { cause: error });
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new WorkbenchError('gateway.bad-report', { cause: error });
  return error;
}

function addUiRoutes(app: FastifyInstance, { ui, registry, ...routes }: Routes): void {
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const site = ownSite({ ui, registry, ...routes }, request);
    const answer = await ui.answer({
      rawUrl: request.raw.url ?? '',
      tenantHeader: single(request.headers['x-tenant-id']),
      ifNoneMatch: single(request.headers['if-none-match']),
      ...(site.kind === 'extension' && { hostRegistryId: site.registryId }),
    });
    return 'target' in answer ? passOn(request, reply, answer) : sendUi(reply, answer);
  };
  app.get('/ext-ui/*', MAIN, serve);
  app.get('/ext-ui/*', EXTENSION, serve);
  app.get('/', EXTENSION, (request, reply) => {
    const site = ownSite({ ui, registry, ...routes }, request);
    const install = site.kind === 'extension' ? registry.resolve(site.registryId) : undefined;
    if (install === undefined) throw new WorkbenchError('gateway.not-found');
    return sendUi(reply, ui.rootRedirect(install));
  });
}

function sendUi(reply: FastifyReply, answer: UiAnswer): FastifyReply {
  return reply
    .code(answer.status)
    .headers(answer.headers)
    .send(answer.file === undefined ? answer.text : createReadStream(answer.file));
}

function addPageRoutes(app: FastifyInstance, { page, registry, port, pageAncestors }: Routes): void {
  const servePage = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const origin = `http://${request.host.toLowerCase()}`;
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': hostPagePolicy(origin, port(), pageAncestors),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      .send(await page.html());
  };
  app.get('/', MAIN, (_request, reply) => reply.redirect('/msp/extensions'));
  app.get('/msp/extensions', MAIN, servePage);
  app.get('/msp/extensions/', MAIN, servePage);
  app.get<{ Params: { id: string } }>('/msp/extensions/:id', MAIN, (request, reply) => {
    // An install id or a slug opens the same page as the registry id, under the address the platform uses.
    const install = registry.resolve(request.params.id);
    return install === undefined || install.registryId === request.params.id
      ? servePage(request, reply)
      : reply.redirect(`/msp/extensions/${install.registryId}`);
  });
  app.get('/msp/extensions/:id/', MAIN, servePage);
  app.get<{ Params: { name: string } }>('/_xwb/page/assets/:name', MAIN, async (request, reply) => {
    const asset = await page.asset(request.params.name);
    if (asset === undefined) throw new WorkbenchError('gateway.not-found');
    return reply
      .headers({
        'content-type': asset.type,
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
      })
      .send(asset.body);
  });
}

function addBridgeRoutes(app: FastifyInstance, { context, registry, events }: Routes): void {
  const onRequest = (request: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    refuseForeignPages(request.headers, `http://${request.host.toLowerCase()}`);
    refuseWrongApiKey(request.headers, context.apiKey);
    done();
  };
  app.get('/_xwb/events', { ...MAIN, onRequest, exposeHeadRoute: false }, (_request, reply) => {
    events.connect(reply.hijack().raw);
  });
  app.post('/_xwb/bridge', { ...MAIN, onRequest, bodyLimit: BRIDGE_BODY_LIMIT }, (request, reply) => {
    const batch = readBatch(request.body);
    recordBatch(context.traffic, batch, registry.resolve(batch.registryId)?.name);
    return reply.code(204).send();
  });
}
