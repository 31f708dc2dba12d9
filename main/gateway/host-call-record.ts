import type { HostCall, HostReply } from '../../contract/index.ts';
import type { MessageInput } from '../traffic/index.ts';

const DETAIL_LENGTH = 200;
/** Arguments that tell one call from the next, in the order in which they are shown. */
const TELLING = ['method', 'url', 'namespace', 'key', 'route', 'clientId', 'serviceId', 'scheduleId'];

/** The arguments that tell one call from the next, for example `GET https://api.example/items` for `http.fetch`. */
export function hostCallDetail({ args }: HostCall): string {
  // Some functions of the world take their arguments as one record (spec 3.4).
  const named = { ...recordOf(args['request']), ...recordOf(args['entry']), ...args };
  const values = TELLING.map(name => named[name]).filter(value => typeof value === 'string');
  return firstLine(values.join(' '));
}

/** The first line of a text, cut where a row of the list ends. */
export function firstLine(text: string): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > DETAIL_LENGTH ? `${line.slice(0, DETAIL_LENGTH)}…` : line;
}

/** The `err` case of a WIT result, or the failure of a result record (spec 3.3). */
export function errorCase({ value }: HostReply): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('err' in value) return String(value.err);
  return 'success' in value && value.success === false ? 'failed' : undefined;
}

/** A call's arguments as a recorded message. */
export function requestMessage({ args, bytes }: HostCall): MessageInput & { body: Uint8Array } {
  return jsonMessage(args, bytes);
}

/** An answer as a recorded message; a secret's value is left out here already, before any masking. */
export function replyMessage(call: HostCall, reply: HostReply): MessageInput & { body: Uint8Array } {
  const secret = call.interface === 'secrets' && errorCase(reply) === undefined;
  return jsonMessage(secret ? { ok: '•••' } : reply.value, reply.bytes);
}

/** One JSON document; bytes stand in it as text when they are UTF-8, else as base64. */
function jsonMessage(
  value: unknown,
  bytes: Uint8Array | undefined,
): { headers: []; body: Uint8Array; contentType: string } {
  const shown = bytes === undefined ? value : { value, bytes: bytesForPeople(bytes) };
  return { headers: [], body: Buffer.from(JSON.stringify(shown ?? null)), contentType: 'application/json' };
}

function bytesForPeople(bytes: Uint8Array): string | { base64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString('utf8');
  return text.includes('\uFFFD') ? { base64: buffer.toString('base64') } : text;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
