import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { WorkbenchError } from '../../contract/index.ts';
import { liveSecretValues } from './secret-values.ts';
import {
  changes,
  dataDir,
  encoding,
  install,
  registry,
  restart,
  rows,
  store,
  useRegistry,
} from './test-kit.ts';
import type { Registry, SecretBox } from './types.ts';

useRegistry();

describe('config and secrets', () => {
  test('config is replaced whole; values that are not text become JSON text, null empty', async () => {
    const { registryId } = await install();
    registry.setConfig(registryId, { gone: 'x' });
    registry.setConfig(registryId, { a: 'text', b: 5, c: true, d: null, e: { f: [1] }, g: undefined });
    expect(registry.resolve(registryId)?.config).toEqual({
      a: 'text',
      b: '5',
      c: 'true',
      d: '',
      e: '{"f":[1]}',
      g: '',
    });
    expect(registry.installs()[0]?.config).toHaveProperty('b', '5');
  });

  test('secrets merge, empty values are ignored, clearing removes all; names are listed, values sealed', async () => {
    const { registryId, installId } = await install();
    expect(registry.secrets(installId)).toEqual({});
    registry.mergeSecrets(registryId, { b: 'two', a: 'one' });
    registry.mergeSecrets(registryId, { a: '', b: 'zwei', c: 'three' });
    registry.mergeSecrets(registryId, { a: '' });
    expect(registry.secrets(installId)).toEqual({ a: 'one', b: 'zwei', c: 'three' });
    expect(registry.installs()[0]?.secretNames).toEqual(['a', 'b', 'c']);
    expect(
      store.db.prepare('SELECT ciphertext FROM tenant_extension_install_secrets').pluck().get(),
    ).not.toContain('zwei');
    store.db.pragma('wal_checkpoint(TRUNCATE)');
    expect(readFileSync(path.join(dataDir, 'workbench.db')).includes('zwei')).toBe(false);
    registry.clearSecrets(registryId);
    expect(registry.secrets(installId)).toEqual({});
    expect(registry.installs()[0]?.secretNames).toEqual([]);
  });

  test('a box that does not open is heard, listing still works and nothing is overwritten', async () => {
    const { registryId, installId } = await install();
    registry.mergeSecrets(registryId, { a: 'one-secret' });
    const locked: SecretBox = {
      seal: clear => encoding.seal(clear),
      open: () => {
        throw new WorkbenchError('secrets.locked');
      },
    };
    restart(locked);
    expect(() => registry.secrets(installId)).toThrow(expect.objectContaining({ code: 'secrets.locked' }));
    expect(() => registry.mergeSecrets(registryId, { b: 'two' })).toThrow(
      expect.objectContaining({ code: 'secrets.locked' }),
    );
    expect(registry.installs()[0]?.secretNames).toEqual(['a']);
    expect(liveSecretValues(registry)()).toEqual([]);
    restart();
    expect(registry.secrets(installId)).toEqual({ a: 'one-secret' });
  });

  test('values to mask are read anew after a change only, and former ones stay', async () => {
    const { registryId } = await install();
    const values = liveSecretValues(registry);
    expect(values()).toEqual([]);
    registry.mergeSecrets(registryId, { a: 'one' });
    expect(values()).toEqual(['one']);
    expect(values()).toBe(values());
    registry.mergeSecrets(registryId, { a: 'uno' });
    registry.clearSecrets(registryId);
    registry.mergeSecrets(registryId, { b: 'two' });
    expect(values()).toEqual(['one', 'two']);
  });

  test.each<[string, (registry: Registry) => void]>([
    ['setEnabled', r => r.setEnabled('none', true)],
    ['setConfig', r => r.setConfig('none', {})],
    ['mergeSecrets', r => r.mergeSecrets('none', { a: 'b' })],
    ['clearSecrets', r => r.clearSecrets('none')],
    ['uninstall', r => r.uninstall('none')],
    ['uninstall by another name', r => r.uninstall('acme.helper')],
  ])('%s of what is not installed', async (_, change) => {
    await install();
    const before = changes;
    expect(() => change(registry)).toThrow(expect.objectContaining({ code: 'registry.not-installed' }));
    expect(changes).toBe(before);
  });
});

describe('uninstalling and disabling', () => {
  test('uninstall takes config, secrets and storage along, keeps versions, and a new install has a new id', async () => {
    const { registryId, installId } = await install();
    registry.setConfig(registryId, { a: 'b' });
    registry.mergeSecrets(registryId, { a: 'b' });
    store.db.prepare("INSERT INTO ext_storage_usage VALUES ('t', ?, 1, 1, 1)").run(installId);
    registry.uninstall(registryId);
    expect(registry.resolve(registryId)).toBeUndefined();
    expect(registry.installs()).toEqual([]);
    expect(registry.secrets(installId)).toEqual({});
    for (const table of ['install_config', 'install_secrets'].map(name => `tenant_extension_${name}`))
      expect(rows(table)).toBe(0);
    expect(rows('ext_storage_usage')).toBe(0);
    expect(rows('extension_bundle')).toBe(1);
    const again = await install();
    expect(again.registryId).toBe(registryId);
    expect(again.installId).not.toBe(installId);
    expect(again.config).toEqual({});
  });

  test('a disabled install still resolves and says so', async () => {
    const { registryId } = await install();
    registry.setEnabled(registryId, false);
    expect(registry.resolve(registryId)?.enabled).toBe(false);
    expect(registry.installs()[0]?.enabled).toBe(false);
    registry.setEnabled(registryId, true);
    expect(registry.resolve(registryId)?.enabled).toBe(true);
    expect(changes).toBe(3);
  });
});
