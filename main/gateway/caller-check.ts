import { timingSafeEqual, createHash } from 'node:crypto';
import { WorkbenchError } from '../../contract/index.ts';

/** The request headers that tell who calls; a repeated one arrives joined or as a list. */
export type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Values of Sec-Fetch-Site that a browser sends for our own page or for an address that a person typed. */
const OWN_FETCH_SITES: ReadonlySet<string> = new Set(['same-origin', 'none']);

/**
 * Refuses calls that another origin's page makes with the local session: a foreign `Origin`, or a
 * `Sec-Fetch-Site` other than `same-origin` and `none`. Programs send neither and pass. A deviation from the
 * platform, whose direct gateway reflects any origin (spec 6.1): here every local page would have that session.
 *
 * @param ownOrigin scheme, host and port under which the request arrived
 */
export function refuseForeignPages(headers: IncomingHeaders, ownOrigin: string): void {
  const origin = single(headers['origin']);
  const fetchSite = single(headers['sec-fetch-site']);
  if (
    (origin !== undefined && origin !== ownOrigin) ||
    (fetchSite !== undefined && !OWN_FETCH_SITES.has(fetchSite))
  )
    throw new WorkbenchError('gateway.foreign-origin', { details: { origin, fetchSite } });
}

/** Refuses an `x-api-key` that is not the gateway's own; a request without one belongs to the local session. */
export function refuseWrongApiKey(headers: IncomingHeaders, apiKey: string): void {
  const sent = single(headers['x-api-key']);
  if (sent !== undefined && !sameText(sent, apiKey)) throw new WorkbenchError('gateway.bad-api-key');
}

/** The header's value, lists joined as HTTP joins them. */
export function single(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
