import { describe, expect, it } from 'vitest';
import { decideAccess, type AccessQuestion } from './access-policy.ts';
import { AGENT, CLIENT, install, READER, TENANT } from './test-kit.ts';

const ask = (changes: Partial<AccessQuestion> = {}): AccessQuestion => ({
  method: 'GET',
  path: '/api/items',
  tenantClaims: [],
  tenantId: TENANT.tenantId,
  user: AGENT,
  install: install(),
  takeToken: () => undefined,
  ...changes,
});
const portal = install({ clientPortalMenu: 'Invoices' });

describe('decideAccess (spec 6.2, 6.3)', () => {
  it.each<[string, Partial<AccessQuestion>, string]>([
    ['no session', { user: undefined }, 'signedOut'],
    ['no session comes first', { user: undefined, tenantClaims: ['x'], install: undefined }, 'signedOut'],
    ['another tenant', { tenantClaims: [TENANT.tenantId, 'other'] }, 'tenantMismatch'],
    ['the tenant comes before the method', { tenantClaims: ['x'], method: 'TRACE' }, 'tenantMismatch'],
    ['an unknown method', { method: 'OPTIONS', install: undefined }, 'endpointNotFound'],
    ['not installed', { install: undefined }, 'notAvailable'],
    ['disabled', { install: install({ enabled: false }) }, 'notAvailable'],
    [
      'disabled comes before the endpoint',
      { install: install({ enabled: false }), path: '/no' },
      'notAvailable',
    ],
    ['an undeclared path', { path: '/api/other' }, 'endpointNotFound'],
    ['an undeclared method', { method: 'PATCH' }, 'endpointNotFound'],
    ['nothing declared at all', { install: install({ endpoints: [] }) }, 'endpointNotFound'],
    ['the endpoint comes before the permission', { method: 'PATCH', user: READER }, 'endpointNotFound'],
    ['a client without the portal menu', { user: CLIENT }, 'forbidden'],
    ['a client user of no client', { user: { ...AGENT, userType: 'client' }, install: portal }, 'forbidden'],
    ['no permission to read', { user: { ...AGENT, permissions: ['extension:write'] } }, 'forbidden'],
    ['no permission to write', { user: READER, method: 'POST' }, 'forbidden'],
    ['no token', { takeToken: () => 7 }, 'rateLimited'],
  ])('%s', (_name, changes, denial) => {
    expect(decideAccess(ask(changes))).toMatchObject({ ok: false, denial });
  });

  it.each<[string, Partial<AccessQuestion>]>([
    ['an internal user', {}],
    ['a matching tenant claim', { tenantClaims: [TENANT.tenantId] }],
    ['HEAD as GET', { method: 'HEAD', user: READER }],
    ['a reader who reads', { user: READER, path: '/api/items/7' }],
    ['a client with the portal menu, whatever the method', { user: CLIENT, install: portal, method: 'POST' }],
  ])('lets through %s', (_name, changes) => {
    expect(decideAccess(ask(changes))).toMatchObject({ ok: true });
  });

  it('takes no token for what it refuses anyway', () => {
    const refused = ask({
      path: '/no',
      takeToken: () => {
        throw new Error('taken');
      },
    });
    expect(decideAccess(refused)).toMatchObject({ denial: 'endpointNotFound' });
  });

  it('says what would have matched', () => {
    const verdict = decideAccess(ask({ method: 'PUT' }));
    expect(verdict).toMatchObject({
      detail: expect.stringContaining('GET /api/items, POST /api/items') as string,
    });
  });
});
