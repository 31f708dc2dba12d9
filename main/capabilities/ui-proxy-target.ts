/** Why a route is not sent. */
export type RouteRefusal = 'bad-request';

const API_PREFIX = 'api';
/** Left as they are in a path: unreserved and path characters, and escapes that are already there. */
const TO_ESCAPE = /[^A-Za-z0-9\-._~!$&'()*+,;=:@%]/gu;

/**
 * The address of a route (spec section 9.4): a path below `api` is appended to `base`, any other to `<base>/<registry id>`;
 * empty segments are dropped, the query is kept, and a path of `base` itself stays. Gives `bad-request` for an empty route
 * and for one with a `.` or `..` segment, its escaped forms included, which a URL parser would follow as well.
 */
export function targetOf(base: URL, extensionId: string, route: string): URL | RouteRefusal {
  const trimmed = route.trim().toWellFormed();
  if (trimmed === '') return 'bad-request';
  const query = trimmed.indexOf('?');
  const segments = (query === -1 ? trimmed : trimmed.slice(0, query)).split('/');
  if (segments.some(isDotSegment)) return 'bad-request';
  const filled = segments.filter(segment => segment !== '');
  const target = new URL(base);
  const path = isApiPath(trimmed) ? filled : [extensionId, ...filled];
  target.pathname = [...target.pathname.split('/').filter(each => each !== ''), ...path.map(escape)].join(
    '/',
  );
  target.search = query === -1 ? '' : trimmed.slice(query);
  target.hash = '';
  return target;
}

function isApiPath(route: string): boolean {
  return route.startsWith(`/${API_PREFIX}/`) || route.startsWith(`${API_PREFIX}/`);
}

function isDotSegment(segment: string): boolean {
  const plain = segment.replaceAll(/%2e/gi, '.');
  return plain === '.' || plain === '..';
}

function escape(segment: string): string {
  return segment.replaceAll(TO_ESCAPE, encodeURIComponent);
}
