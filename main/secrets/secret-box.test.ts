import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyFromFile } from './key-file.ts';
import { openSecretBox, secretBox } from './secret-box.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'xwb-secrets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('what is sealed opens again and never shows its text', async () => {
  const box = secretBox(await keyFromFile(folder, { create: true }));
  const sealed = box.seal('{"api_key":"s3cret"}');
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('s3cret');
  expect(box.seal('{"api_key":"s3cret"}')).not.toBe(sealed);
  expect(box.open(sealed)).toBe('{"api_key":"s3cret"}');
});

test('another key or a changed byte is refused with a code', async () => {
  const box = secretBox(await keyFromFile(folder, { create: true }));
  const sealed = Buffer.from(box.seal('text'), 'base64');
  const last = sealed.length - 1;
  sealed[last] = (sealed[last] ?? 0) ^ 1;
  expect(() => box.open(sealed.toString('base64'))).toThrow(
    expect.objectContaining({ code: 'secrets.unreadable' }),
  );
  expect(() => secretBox(Buffer.alloc(32)).open(box.seal('text'))).toThrow(
    expect.objectContaining({ code: 'secrets.unreadable' }),
  );
  expect(() => box.open('')).toThrow(expect.objectContaining({ code: 'secrets.unreadable' }));
});

test('the key file is private, made once, and a damaged one is not replaced', async () => {
  const keys = await Promise.all([1, 2, 3].map(() => keyFromFile(folder, { create: true })));
  expect(new Set(keys.map(key => key.toString('hex'))).size).toBe(1);
  const file = path.join(folder, 'secrets.key');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await keyFromFile(folder, { create: false })).toEqual(await readFile(file));
  await writeFile(file, 'short');
  await expect(keyFromFile(folder, { create: true })).rejects.toMatchObject({ code: 'secrets.damaged-key' });
});

test('a folder whose key went to the keychain never falls back to another key', async () => {
  const key = Buffer.alloc(32, 7);
  const first = await openSecretBox(folder, () => Promise.resolve(key));
  expect(first.source).toBe('keychain');
  const later = await openSecretBox(folder, () => Promise.resolve(undefined));
  expect(later.source).toBe('locked');
  expect(() => later.box.open(first.box.seal('text'))).toThrow(
    expect.objectContaining({ code: 'secrets.locked' }),
  );
  const again = await openSecretBox(folder, () => Promise.resolve(key));
  expect(again.box.open(first.box.seal('text'))).toBe('text');
});

test('without any keychain the key file serves from the first time on', async () => {
  const none = (): Promise<undefined> => Promise.resolve(undefined);
  const first = await openSecretBox(folder, none);
  const later = await openSecretBox(folder, () => Promise.resolve(Buffer.alloc(32, 7)));
  expect([first.source, later.source]).toEqual(['file', 'file']);
  expect(later.box.open(first.box.seal('text'))).toBe('text');
});
