import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const TIMEOUT_MS = 5_000;
const Decrypted = z.object({ data: z.object({ plaintext: z.string() }) });

/** How to reach Vault's transit engine (spec 4.6, 4.10). */
export interface VaultOptions {
  /** `VAULT_ADDR`, else `ALGA_VAULT_ADDR`. */
  readonly address: string;
  /** `ALGA_VAULT_TOKEN_FILE`; read for each decryption, since tokens are renewed in place. */
  readonly tokenFile: string;
  /** `VAULT_NAMESPACE`. */
  readonly namespace?: string;
  /** `ALGA_VAULT_TRANSIT_MOUNT`, where an envelope names no mount. */
  readonly mount: string;
}

/** What an envelope says about its key. */
export interface VaultCiphertext {
  readonly ciphertext: string;
  readonly keyPath: string;
  readonly mount: string | undefined;
}

/**
 * Asks Vault to decrypt (spec 4.6): `POST {addr}/v1/{mount}/decrypt/{key_path}` with the token.
 *
 * @returns `data.plaintext` of the answer, base64
 * @throws Error with a sentence that holds neither token nor ciphertext
 */
export async function decryptWithVault(options: VaultOptions, sealed: VaultCiphertext): Promise<string> {
  const token = await readFile(options.tokenFile, 'utf8').catch(() => {
    throw new Error('The file with the Vault token cannot be read.');
  });
  const response = await fetch(addressOf(options, sealed), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-vault-token': token.trim(),
      ...(options.namespace !== undefined && { 'x-vault-namespace': options.namespace }),
    },
    body: JSON.stringify({ ciphertext: sealed.ciphertext }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new Error('Vault cannot be reached.');
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`Vault answered ${response.status}.`);
  }
  const answer = Decrypted.safeParse(await response.json().catch(() => undefined));
  if (answer.success) return answer.data.data.plaintext;
  throw new Error('The answer of Vault holds no plaintext.');
}

/** Mount and key may have several segments; none of them may lead elsewhere. */
function addressOf({ address, mount }: VaultOptions, sealed: VaultCiphertext): URL {
  const segments = [...(sealed.mount ?? mount).split('/'), 'decrypt', ...sealed.keyPath.split('/')];
  if (segments.some(segment => ['', '.', '..'].includes(segment))) {
    throw new Error('The envelope names no mount and key that Vault could have.');
  }
  const base = URL.parse(address);
  if (base === null) throw new Error('VAULT_ADDR is not an address.');
  const prefix = base.pathname.replace(/\/+$/, '');
  return new URL(`${prefix}/v1/${segments.map(encodeURIComponent).join('/')}`, base);
}
