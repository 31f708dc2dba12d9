import type { ExecuteResponse } from '../../contract/index.ts';

/** Statuses that may not have a body, not even an empty one (Fetch standard, "null body status"). */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Why the platform's gateways cannot send a guest's response on (spec ui-bridge 3.6.3), in a sentence. */
export function unusable({ status, body }: ExecuteResponse): string | undefined {
  if (status < 200 || status > 599) return `The handler answered with status ${status}.`;
  if (BODILESS.has(status) && body !== undefined)
    return `The handler answered ${status} with a body list of ${body.length} bytes; it must be none.`;
  return undefined;
}
