import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError } from '../../contract/index.ts';
import { keyFromFile } from './key-file.ts';
import { keyFromKeychain } from './keychain.ts';

/** Seals text so that the database never holds a secret in the clear. */
export interface SecretBox {
  /** Base64 of nonce, tag and AES-256-GCM ciphertext. */
  seal(text: string): string;
  /** Throws `secrets.unreadable` when the text was sealed with another key or was changed. */
  open(sealed: string): string;
}

/**
 * Where the sealing key lives. `file` is the fall-back for machines without a keychain; `locked` is a data folder
 * whose key is in a keychain that cannot be reached now.
 */
export type KeySource = 'keychain' | 'file' | 'locked';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Opens the box of one data folder. Its key lives in the operating system's keychain; where none can be reached
 * (no session bus, no daemon), in a file of the data folder that only its owner may read. A folder whose key went
 * to the keychain stays with it: while that cannot be reached, sealing and opening fail with `secrets.locked`.
 */
export async function openSecretBox(
  dataDir: string,
  keychain: typeof keyFromKeychain = keyFromKeychain,
): Promise<{ box: SecretBox; source: KeySource }> {
  const existing = await keyFromFile(dataDir, { create: false });
  if (existing) return { box: secretBox(existing), source: 'file' };
  const marker = path.join(dataDir, 'secrets.in-keychain');
  const key = await keychain(dataDir);
  if (key) {
    await mkdir(dataDir, { recursive: true });
    await writeFile(marker, '');
    return { box: secretBox(key), source: 'keychain' };
  }
  if (existsSync(marker)) return { box: lockedBox, source: 'locked' };
  return { box: secretBox(await keyFromFile(dataDir, { create: true })), source: 'file' };
}

function locked(): never {
  throw new WorkbenchError('secrets.locked');
}

const lockedBox: SecretBox = { seal: locked, open: locked };

/** A box around a 32-byte key. */
export function secretBox(key: Buffer): SecretBox {
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new WorkbenchError('secrets.unreadable', { cause });
      }
    },
  };
}
