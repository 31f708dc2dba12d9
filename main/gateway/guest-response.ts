import { validateHeaderValue } from 'node:http';
import type { ExecuteResponse, Header } from '../../contract/index.ts';
import type { Answer } from './denials.ts';
import type { Surface } from './surface.ts';

/**
 * Maps a guest's response to the caller (spec 4.5, 6.1): the last of several equal headers wins, only the route's
 * own list gets through, and the direct route replaces them all. Throws `TypeError` for a value HTTP cannot carry.
 */
export function toAnswer(surface: Surface, response: ExecuteResponse): Answer {
  const passed = collapse(response.headers).filter(header => surface.responseHeaders.includes(header.name));
  for (const header of passed) validateHeaderValue(header.name, header.value);
  return {
    status: response.status,
    headers: [...passed, ...surface.fixedResponseHeaders],
    ...(response.body !== undefined && { body: response.body }),
  };
}

/** Lower-cased names, each once with its last value. */
export function collapse(headers: readonly Header[]): Header[] {
  const last = new Map(headers.map(header => [header.name.toLowerCase(), header.value]));
  return [...last].map(([name, value]) => ({ name, value }));
}
