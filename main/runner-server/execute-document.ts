import { z } from 'zod';

/** The largest envelope in bytes that the platform's HTTP framework takes (spec 4.2). */
export const ENVELOPE_LIMIT = 2 * 1024 * 1024;

const TWO_TO_THE_64 = 2 ** 64;
const U64 = z.number().refine(value => Number.isInteger(value) && value >= 0 && value < TWO_TO_THE_64, {
  error: 'must be a whole number from 0 to 2^64 - 1',
});
const StringMap = z.record(z.string(), z.string());

const Context = z.object({
  request_id: z.string().nullish(),
  tenant_id: z.string(),
  extension_id: z.string(),
  install_id: z.string().nullish(),
  content_hash: z.string(),
  version_id: z.string().nullish(),
  config: StringMap.default({}),
});

const Http = z.object({
  method: z.string(),
  path: z.string(),
  query: StringMap.default({}),
  headers: StringMap.default({}),
  body_b64: z.string().nullish(),
});

const Limits = z.object({
  timeout_ms: U64.nullish(),
  memory_mb: U64.nullish(),
  fuel: U64.nullish(),
});

const SecretEnvelope = z.object({
  ciphertext_b64: z.string(),
  algorithm: z.string().nullish(),
  key_path: z.string().nullish(),
  mount: z.string().nullish(),
  version: z.unknown().optional(),
  expires_at: z.string().nullish(),
});

/** The platform sends `internal` or `client` (spec 6.5); capabilities know no other kind. */
const User = z
  .object({
    user_id: z.string(),
    user_email: z.string(),
    user_name: z.string(),
    user_type: z.enum(['internal', 'client']),
    client_name: z.string().optional(),
    company_name: z.string().optional(),
    client_id: z.string().nullish(),
    additional_fields: StringMap.default({}),
  })
  .refine(user => user.client_name === undefined || user.company_name === undefined, {
    error: 'client_name and company_name are the same field; give one',
  });

/** Body of `POST /v1/execute` (spec 4.2). Unknown members are ignored, at every level. */
export const ExecuteDocument = z.object({
  context: Context,
  http: Http,
  limits: Limits.default({}),
  providers: z.array(z.string()).default([]),
  secret_envelope: SecretEnvelope.nullish(),
  user: User.nullish(),
});
export type ExecuteDocument = z.infer<typeof ExecuteDocument>;
export type SecretEnvelope = z.infer<typeof SecretEnvelope>;

/** A refusal before any processing: HTTP status and a sentence. */
export interface TransportRefusal {
  readonly status: 400 | 413 | 415 | 422;
  readonly text: string;
}

/** True for JSON media types, with or without parameters and a `+json` suffix. */
export function isJson(contentType: string | undefined): boolean {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^application\/(?:[^\s/]+\+)?json$/.test(type);
}

/** Reads the envelope (spec 4.2): 400 for bytes that are no JSON text, 422 for another shape. */
export function readDocument(body: Uint8Array): ExecuteDocument | TransportRefusal {
  let value: unknown;
  try {
    value = parseJson(body);
  } catch (error) {
    return { status: 400, text: `The body is not JSON: ${error instanceof Error ? error.message : ''}` };
  }
  const parsed = ExecuteDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  return { status: 422, text: `The JSON has another shape: ${z.prettifyError(parsed.error)}` };
}

const LONE_SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** JSON as the platform's parser sees it: strict UTF-8, no byte order mark, no half surrogate pair. */
function parseJson(body: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  const value: unknown = JSON.parse(text);
  if (LONE_SURROGATE_ESCAPE.test(text) && !isWellFormed(value)) {
    throw new SyntaxError('A string holds half of a surrogate pair.');
  }
  return value;
}

/** Looks at every string, without recursion: the depth of the document is the sender's choice. */
function isWellFormed(root: unknown): boolean {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string' && !value.isWellFormed()) return false;
    if (Array.isArray(value)) for (const item of value as unknown[]) pending.push(item);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) pending.push(name, member);
    }
  }
  return true;
}
