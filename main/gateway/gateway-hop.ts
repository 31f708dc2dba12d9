import type { Header } from '../../contract/index.ts';
import type { ResolvedInstall } from '../registry/index.ts';
import type { Hop, Traffic } from '../traffic/index.ts';
import { single, type IncomingHeaders } from './caller-check.ts';
import type { Answer } from './denials.ts';
import type { Call } from './method-override.ts';
import type { Surface } from './surface.ts';

/** What is recorded of a request to the gateway. */
export interface GatewayHopFacts {
  readonly surface: Surface;
  readonly traceId: string;
  readonly requestId: string;
  readonly call: Call;
  /** Decoded path below the extension. */
  readonly path: string;
  readonly headers: IncomingHeaders;
  readonly install: ResolvedInstall | undefined;
}

/** Opens the gateway's hop of a trace. A call of the host page's own script is told by its fetch metadata. */
export function beginGatewayHop(traffic: Traffic, facts: GatewayHopFacts): Hop {
  const { headers, call, install } = facts;
  return traffic.begin({
    traceId: facts.traceId,
    requestId: facts.requestId,
    kind: 'gateway',
    from: headers['sec-fetch-site'] === 'same-origin' ? 'host' : 'client',
    to: 'gateway',
    what: facts.surface.what,
    detail: `${call.method} ${facts.path}${queryText(call.query)}`,
    ...(install && { extension: install.name, contentHash: install.buildHash }),
    request: {
      headers: toHeaders(headers),
      ...(call.body !== undefined && call.body.length > 0 && { body: call.body }),
      ...contentType(single(headers['content-type'])),
    },
  });
}

/** Closes the hop with the answer as it is sent. */
export function endGatewayHop(hop: Hop, answer: Answer): void {
  const { failure, body } = answer;
  if (failure !== undefined) hop.note('What to do', failure.next);
  hop.end({
    status: String(answer.status),
    outcome: failure === undefined && answer.status < 400 ? 'ok' : 'error',
    response: {
      headers: [...answer.headers],
      ...(body !== undefined && { body }),
      ...contentType(answer.headers.find(header => header.name === 'content-type')?.value),
    },
    ...(failure && {
      error: {
        code: failure.code,
        message: failure.message,
        ...(failure.detail !== undefined && { detail: failure.detail }),
      },
    }),
  });
}

function toHeaders(headers: IncomingHeaders): Header[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value: single(value) ?? '' }));
}

function contentType(value: string | undefined): { contentType?: string } {
  return value === undefined ? {} : { contentType: value };
}

function queryText(query: ReadonlyMap<string, string>): string {
  return query.size === 0 ? '' : `?${new URLSearchParams([...query]).toString()}`;
}
