import type { FastifyInstance } from 'fastify';
import { addApiRoutes } from './api.ts';
import type { GatewayContext } from './context.ts';
import { COMMON_GUEST_HEADERS, MIB, type Surface } from './surface.ts';

/**
 * `/api/ext-proxy/…` (spec 6.1, right column). The platform sets no limit of its own; ours only bounds memory,
 * far above the runner's, and answers as the runner's does.
 */
export const PROXY: Surface = {
  id: 'proxy',
  what: 'ext-proxy',
  guestHeaders: [...COMMON_GUEST_HEADERS, 'x-idempotency-key'],
  alwaysRequestId: true,
  idempotencyKey: 'guest',
  methodOverride: true,
  responseHeaders: ['content-type', 'cache-control', 'x-ext-request-id', 'x-ext-warning'],
  fixedResponseHeaders: [],
  bodyLimit: 10 * MIB,
  userAdditionalFields: true,
};

/** Adds `/api/ext-proxy/{extension}/{path}`. */
export function addExtProxy(app: FastifyInstance, context: GatewayContext): void {
  addApiRoutes(app, { surface: PROXY, prefix: '/api/ext-proxy', context });
}
