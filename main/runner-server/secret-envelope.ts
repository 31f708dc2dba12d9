import { z } from 'zod';
import { decodeBase64 } from './base64.ts';
import type { SecretEnvelope } from './execute-document.ts';

const Secrets = z.record(z.string(), z.string());

/** The secrets in an envelope, or why there are none to be had. The reason never holds a part of the payload. */
export type Opened = { readonly secrets: Readonly<Record<string, string>> } | { readonly reason: string };

/**
 * Opens a secret envelope (spec 4.6). A blank payload means no secrets; an algorithm that starts with `vault-transit`
 * needs Vault, which this runner does not speak to; everything else, none included, is base64 of a flat JSON object.
 *
 * `expires_at` is not looked at: on the platform it only shortens how long the opened map is kept, and one that has
 * passed is opened all the same. Opening is a plain decoding here, so nothing is kept.
 */
export function openEnvelope(envelope: SecretEnvelope | null | undefined): Opened {
  if (!envelope || envelope.ciphertext_b64.trim() === '') return { secrets: {} };
  if (envelope.algorithm?.toLowerCase().startsWith('vault-transit') === true) {
    return { reason: 'The envelope is sealed with Vault, which this runner does not speak to.' };
  }
  const bytes = decodeBase64(envelope.ciphertext_b64.trim());
  if (bytes === undefined) return { reason: 'The payload is not base64.' };
  const secrets = parseSecrets(bytes);
  return secrets ? { secrets } : { reason: 'The payload is not a flat JSON object of strings.' };
}

function parseSecrets(bytes: Uint8Array): Record<string, string> | undefined {
  try {
    return Secrets.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
