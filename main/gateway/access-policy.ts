import type { Endpoint, Header, User } from '../../contract/index.ts';
import { matchEndpoint } from '../manifest/index.ts';
import type { ResolvedInstall } from '../registry/index.ts';
import type { DenialName } from './denials.ts';
import { GATEWAY_METHODS } from './surface.ts';

export interface AccessQuestion {
  /** Effective method, after any override. */
  readonly method: string;
  /** Decoded path below the extension. */
  readonly path: string;
  /** Values of `x-alga-tenant` and `x-tenant-id`, as far as sent. */
  readonly tenantClaims: readonly string[];
  readonly tenantId: string;
  readonly user: User | undefined;
  readonly install: ResolvedInstall | undefined;
  /** Takes a token for the install; the seconds to wait when there is none. */
  readonly takeToken: (key: string) => number | undefined;
}

export type AccessVerdict =
  | { readonly ok: true; readonly install: ResolvedInstall; readonly user: User; readonly endpoint: Endpoint }
  | {
      readonly ok: false;
      readonly denial: DenialName;
      readonly detail?: string;
      readonly headers?: readonly Header[];
    };

/**
 * Decides whether a call reaches its handler, in the order of spec 6.2 and 6.3. Rows that one local tenant cannot
 * break are left out: a user of another tenant (6.3 row 3) and an unreachable rate-limit store (row 8).
 */
export function decideAccess(question: AccessQuestion): AccessVerdict {
  const { user, install, method, path } = question;
  if (user === undefined) return denied('signedOut');
  if (question.tenantClaims.some(claim => claim !== question.tenantId)) return denied('tenantMismatch');
  const asked = method === 'HEAD' ? 'GET' : method;
  if (!isGatewayMethod(asked)) return denied('endpointNotFound', `The gateway knows no method ${method}.`);
  if (install?.enabled !== true) return denied('notAvailable');
  const endpoint = matchEndpoint(install.endpoints, asked, path);
  if (endpoint === undefined) return denied('endpointNotFound', undeclared(asked, path, install.endpoints));
  const lacking = lackingPermission(user, asked, install);
  if (lacking !== undefined) return denied('forbidden', lacking);
  const wait = question.takeToken(`${install.tenantId}:${install.registryId}`);
  if (wait !== undefined)
    return {
      ok: false,
      denial: 'rateLimited',
      detail: `The next call is allowed in ${wait} s.`,
      headers: [{ name: 'retry-after', value: String(wait) }],
    };
  return { ok: true, install, user, endpoint };
}

function denied(denial: DenialName, detail?: string): AccessVerdict {
  return { ok: false, denial, ...(detail !== undefined && { detail }) };
}

function isGatewayMethod(method: string): boolean {
  return GATEWAY_METHODS.some(known => known === method);
}

/** Rows 6a and 6b: what the user lacks, in a sentence. */
function lackingPermission(user: User, method: string, install: ResolvedInstall): string | undefined {
  if (user.userType === 'client') {
    if (install.clientPortalMenu === undefined)
      return 'Client users may call an extension only when it declares ui.hooks.clientPortalMenu with a label.';
    return user.clientId === undefined ? 'The client user belongs to no client.' : undefined;
  }
  const permission = method === 'GET' ? 'extension:read' : 'extension:write';
  return user.permissions.includes(permission) ? undefined : `The user lacks the permission ${permission}.`;
}

function undeclared(method: string, path: string, endpoints: readonly Endpoint[]): string {
  if (endpoints.length === 0) return `${method} ${path}: the manifest declares no endpoints at all.`;
  const declared = endpoints.map(endpoint => `${endpoint.method} ${endpoint.path}`).join(', ');
  return `${method} ${path} is not among: ${declared}.`;
}
