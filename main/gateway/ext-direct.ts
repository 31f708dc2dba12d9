import type { FastifyInstance } from 'fastify';
import { addApiRoutes } from './api.ts';
import type { GatewayContext } from './context.ts';
import { COMMON_GUEST_HEADERS, MIB, type Surface } from './surface.ts';

/**
 * `/api/ext/…` (spec 6.1, left column): the guest's own headers are lost, the caller gets those of the runner's
 * HTTP answer, which its global layer marks as cacheable for good (spec 4.1).
 */
export const DIRECT: Surface = {
  id: 'direct',
  what: 'ext',
  guestHeaders: COMMON_GUEST_HEADERS,
  alwaysRequestId: false,
  idempotencyKey: 'runner',
  methodOverride: false,
  responseHeaders: [],
  fixedResponseHeaders: [
    { name: 'content-type', value: 'application/json' },
    { name: 'cache-control', value: 'public, max-age=31536000, immutable' },
  ],
  bodyLimit: 10 * MIB,
  userAdditionalFields: false,
};

/** Adds `/api/ext/{extension}/{path}`. */
export function addExtDirect(app: FastifyInstance, context: GatewayContext): void {
  addApiRoutes(app, { surface: DIRECT, prefix: '/api/ext', context });
}
