import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { uiText } from '../hosting/index.ts';
import type { PassedOn } from './ext-ui.ts';
import { IPV4 } from './listen.ts';

/** Belong to one connection (RFC 9110 7.6.1), or would make a page that its policy was not made for. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'te',
  'upgrade',
  'accept-encoding',
  'if-none-match',
  'if-modified-since',
]);
/** The gateway says itself who may read its answers; the others belong to one connection. */
const NOT_ANSWERED = /^(?:connection|keep-alive|transfer-encoding|content-length|access-control-.*)$/;

/** Lets a page server answer a request for a file; 502 when it does not. */
export async function passOn(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  { server, target, policyOf }: PassedOn,
): Promise<FastifyReply> {
  const headers = Object.fromEntries(Object.entries(raw.headers).filter(([name]) => !NOT_SENT.has(name)));
  let answer: IncomingMessage;
  try {
    answer = await send(server.port, target, headers);
  } catch {
    const { status, headers: own, text } = uiText(502, 'the page server does not answer');
    return reply
      .code(status)
      .headers({ ...own, 'cache-control': 'no-store' })
      .send(text);
  }
  reply.code(answer.statusCode ?? 502).header('x-content-type-options', 'nosniff');
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined && !NOT_ANSWERED.test(name)) reply.header(name, value);
  if (!/^text\/html\b/i.test(answer.headers['content-type'] ?? '')) return reply.send(answer);
  const html = await buffer(answer);
  return reply.header('content-security-policy', policyOf(insertedScripts(html.toString()))).send(html);
}

function send(port: number, path: string, headers: NodeJS.Dict<string | string[]>): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  httpRequest({ host: IPV4, port, path, headers }, resolve).once('error', reject).end();
  return promise;
}

const INLINE_MODULE = /<script\b(?=[^>]*\btype="module")(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/gi;

/**
 * The scripts that a page server puts into its pages, as a policy names them by their hash. An author's inline module
 * is a file of its own by then, and other inline scripts of an author are refused here as on the platform.
 */
export function insertedScripts(html: string): string[] {
  return [...html.matchAll(INLINE_MODULE)].map(([, script = '']) => {
    const hash = createHash('sha256').update(script).digest('base64');
    return `'sha256-${hash}'`;
  });
}
