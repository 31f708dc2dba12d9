import { z } from 'zod';
import { StorageError, type StorageLimits } from './storage-limits.ts';

const Cursor = z.object({ key: z.string() });

/** Throws `VALIDATION_FAILED` for a namespace of a forbidden length; any content is allowed (spec 9.1). */
export function checkNamespace(namespace: string, { namespaceLength: max }: StorageLimits): void {
  if (namespace.length < 1 || namespace.length > max) {
    throw new StorageError('VALIDATION_FAILED', `A namespace has 1 to ${max} characters.`);
  }
}

/** Throws `VALIDATION_FAILED` for a key of a forbidden length or with a slash (spec 9.1). */
export function checkKey(key: string, { keyLength: max }: StorageLimits): void {
  if (key.length < 1 || key.length > max) {
    throw new StorageError('VALIDATION_FAILED', `A key has 1 to ${max} characters.`);
  }
  if (key.includes('/')) throw new StorageError('VALIDATION_FAILED', 'A key holds no slash.');
}

/** Size of JSON text in bytes; throws `LIMIT_EXCEEDED` above `max`. */
export function checkedSize(what: string, json: string, max: number): number {
  const size = Buffer.byteLength(json);
  if (size > max) {
    throw new StorageError(
      'LIMIT_EXCEEDED',
      `The ${what} takes ${size} bytes as JSON; at most ${max} are allowed.`,
    );
  }
  return size;
}

/** The cursor of the list operation: base64url of `{"key":…}`. */
export function encodeCursor(key: string): string {
  return Buffer.from(JSON.stringify({ key })).toString('base64url');
}

/** The key that a cursor stands for; throws `VALIDATION_FAILED` for anything else than a cursor. */
export function decodeCursor(cursor: string): string {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))).key;
  } catch (error) {
    throw new StorageError('VALIDATION_FAILED', 'The cursor is malformed.', { cause: error });
  }
}
