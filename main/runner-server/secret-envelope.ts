import { hash } from 'node:crypto';
import { z } from 'zod';
import { decodeBase64 } from './base64.ts';
import type { SecretEnvelope } from './execute-document.ts';
import { decryptWithVault, type VaultOptions } from './vault.ts';

const Secrets = z.record(z.string(), z.string());
type Secrets = Readonly<Record<string, string>>;

/** The secrets in an envelope, or why there are none to be had. The reason never holds a part of the payload. */
export type Opened = { readonly secrets: Secrets } | { readonly reason: string };

/** Whose secrets they are; decrypted ones are kept under these ids (spec 4.6). */
export interface SecretOwner {
  readonly tenantId: string;
  readonly extensionId: string;
  readonly installId: string | undefined;
}

/** How long a decrypted map is kept at most, and how many. */
const KEPT_MS = 30_000;
const MOST_KEPT = 500;

/** True for an envelope that Vault sealed; everything else, no algorithm included, is plain base64 (spec 4.6). */
export function isVaultSealed({ algorithm }: SecretEnvelope): boolean {
  return algorithm?.toLowerCase().startsWith('vault-transit') === true;
}

/**
 * Opens secret envelopes (spec 4.6). A blank payload means no secrets; what Vault sealed is decrypted by the Vault that
 * is set, and kept for 30 s or until `expires_at`; everything else is base64 of a flat JSON object. An envelope whose
 * time has passed is opened all the same.
 */
export class SecretOpener {
  readonly #vault: VaultOptions | undefined;
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly secrets: Secrets; readonly until: number }>();

  /** @param now epoch milliseconds */
  constructor(vault?: VaultOptions, now: () => number = Date.now) {
    this.#vault = vault;
    this.#now = now;
  }

  /** Never rejects. */
  async open(envelope: SecretEnvelope | null | undefined, owner: SecretOwner): Promise<Opened> {
    if (!envelope || envelope.ciphertext_b64.trim() === '') return { secrets: {} };
    if (!isVaultSealed(envelope)) return readSecrets(envelope.ciphertext_b64.trim());
    const id = idOf(envelope, owner);
    const kept = this.#kept.get(id);
    if (kept !== undefined && kept.until > this.#now()) return kept;
    const opened = await this.#decrypt(envelope);
    if ('secrets' in opened) this.#keep(id, opened.secrets, envelope.expires_at);
    return opened;
  }

  async #decrypt({ ciphertext_b64, key_path, mount }: SecretEnvelope): Promise<Opened> {
    if (this.#vault === undefined) {
      return { reason: 'The envelope is sealed with Vault, and no VAULT_ADDR is set.' };
    }
    try {
      const sealed = {
        ciphertext: ciphertext_b64.trim(),
        keyPath: key_path ?? '',
        mount: mount ?? undefined,
      };
      return readSecrets(await decryptWithVault(this.#vault, sealed));
    } catch (error) {
      return { reason: error instanceof Error ? error.message : 'Vault could not be asked.' };
    }
  }

  #keep(id: string, secrets: Secrets, expiresAt: string | null | undefined): void {
    const now = this.#now();
    const expiry = expiresAt == null ? Number.NaN : Date.parse(expiresAt);
    this.#kept.set(id, { secrets, until: Math.min(now + KEPT_MS, Number.isNaN(expiry) ? Infinity : expiry) });
    for (const [oldest, { until }] of this.#kept) {
      if (until > now && this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
    }
  }
}

function idOf({ ciphertext_b64, version }: SecretEnvelope, owner: SecretOwner): string {
  const { tenantId, extensionId, installId } = owner;
  return JSON.stringify([tenantId, extensionId, installId, version, hash('sha256', ciphertext_b64)]);
}

function readSecrets(base64: string): Opened {
  const bytes = decodeBase64(base64);
  if (bytes === undefined) return { reason: 'The payload is not base64.' };
  try {
    return { secrets: Secrets.parse(JSON.parse(bytes.toString('utf8'))) };
  } catch {
    return { reason: 'The payload is not a flat JSON object of strings.' };
  }
}
