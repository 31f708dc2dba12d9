import type { FastifyReply } from 'fastify';
import type { Header } from '../../contract/index.ts';

/** Statuses whose messages carry no length. */
const WITHOUT_LENGTH: ReadonlySet<number> = new Set([204, 304]);

/**
 * Writes an answer exactly as it is: the framework would add a content type where none is given and a charset
 * where one is missing, and the platform does neither.
 */
export function writeExactly(
  reply: FastifyReply,
  answer: { status: number; headers: readonly Header[]; body?: Uint8Array },
): void {
  const { raw } = reply.hijack();
  if (raw.destroyed) return;
  raw.statusCode = answer.status;
  for (const { name, value } of answer.headers) raw.setHeader(name, value);
  if (!WITHOUT_LENGTH.has(answer.status)) raw.setHeader('content-length', answer.body?.length ?? 0);
  raw.end(answer.body);
}
