import { WorkbenchError } from '../../contract/index.ts';
import { hasControl, percentDecode, splitTarget } from '../hosting/index.ts';

/** The target of a request, taken from the raw request line before anything normalises it. */
export interface RawTarget {
  /** Percent-decoded, empty segments removed; a decoded segment may hold a slash. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

/**
 * Reads a raw request target. Throws `gateway.bad-path` for an absolute or empty target, for dot segments
 * (also encoded, also behind an encoded slash), backslashes, control characters and broken percent-encoding.
 */
export function readTarget(rawUrl: string): RawTarget {
  const { path, query } = splitTarget(rawUrl);
  if (!path.startsWith('/')) throw badPath('it does not start with a slash');
  const segments = path
    .split('/')
    .filter(segment => segment !== '')
    .map(decodeSegment);
  return { segments, query: new URLSearchParams(query) };
}

function decodeSegment(raw: string): string {
  const decoded = percentDecode(raw);
  if (decoded === undefined) throw badPath('its percent-encoding is broken');
  if (decoded.includes('\\')) throw badPath('it holds a backslash');
  if (hasControl(decoded)) throw badPath('it holds a control character');
  if (decoded.split('/').some(part => part === '.' || part === '..')) throw badPath('it holds a dot segment');
  return decoded;
}

function badPath(reason: string): WorkbenchError {
  return new WorkbenchError('gateway.bad-path', {
    message: `The path of the request is not allowed: ${reason}.`,
  });
}
