import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { KEY_BYTES } from './key-file.ts';

const SERVICE = 'extension-workbench';

/**
 * The key of a data folder from the operating system's keychain, made at first use.
 * Resolves to undefined where no keychain can be reached: no library, no session bus, no daemon.
 */
export async function keyFromKeychain(dataDir: string): Promise<Buffer | undefined> {
  const account = `secrets-${createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 16)}`;
  try {
    const { default: keytar } = await import('@github/keytar');
    const stored = await keytar.getPassword(SERVICE, account);
    if (stored !== null) return Buffer.from(stored, 'base64');
    const key = randomBytes(KEY_BYTES);
    await keytar.setPassword(SERVICE, account, key.toString('base64'));
    return key;
  } catch {
    // Loading the library and every call fail alike where there is no keychain; the caller says what it uses instead.
    return undefined;
  }
}
