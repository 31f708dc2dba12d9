import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { durably, type Store } from '../store/index.ts';
import type { Installs } from './installs.ts';
import type { Registry, SecretBox } from './types.ts';

const SecretMap = z.record(z.string(), z.string());

/** How the sealed map is labelled in the table; the platform's labels stand there for its own forms (spec 4.6). */
const ALGORITHM = 'local/secret-box';

type InstallSettings = Pick<
  Registry,
  'setEnabled' | 'setConfig' | 'mergeSecrets' | 'clearSecrets' | 'secrets' | 'uninstall'
>;

/** What a person changes about an install; every change is saved when the function returns. */
export function openInstallSettings(o: {
  store: Store;
  installs: Installs;
  secretBox: SecretBox;
}): InstallSettings {
  const { store, installs, secretBox } = o;
  const { db } = store;
  const ciphertext = db
    .prepare<[string], string>('SELECT ciphertext FROM tenant_extension_install_secrets WHERE install_id = ?')
    .pluck();

  function secrets(installId: string): Record<string, string> {
    const sealed = ciphertext.get(installId);
    return sealed === undefined ? {} : SecretMap.parse(JSON.parse(secretBox.open(sealed)));
  }

  return {
    secrets,

    setEnabled(registryId, enabled) {
      const { installId } = installs.require(registryId);
      durably(store, () =>
        db
          .prepare(
            'UPDATE tenant_extension_install SET is_enabled = ?, status = ?, updated_at = ? WHERE id = ?',
          )
          .run(enabled ? 1 : 0, enabled ? 'enabled' : 'disabled', Date.now(), installId),
      );
    },

    setConfig(registryId, config) {
      const { installId, tenantId } = installs.require(registryId);
      const texts = Object.entries(config).map(([name, value]) => [name, configText(value)] as const);
      const now = Date.now();
      durably(store, () =>
        db
          .prepare(
            `INSERT INTO tenant_extension_install_config VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (install_id) DO UPDATE SET config = excluded.config, version = excluded.version,
               updated_at = excluded.updated_at`,
          )
          .run(
            randomUUID(),
            installId,
            tenantId,
            JSON.stringify(Object.fromEntries(texts)),
            randomUUID(),
            now,
            now,
          ),
      );
    },

    mergeSecrets(registryId, added) {
      const { installId, tenantId } = installs.require(registryId);
      const filled = Object.entries(added).filter(([, value]) => value !== '');
      if (filled.length === 0) return;
      const now = Date.now();
      durably(store, () => {
        const merged = { ...secrets(installId), ...Object.fromEntries(filled) };
        const names = JSON.stringify(Object.keys(merged).sort());
        db.prepare(
          `INSERT INTO tenant_extension_install_secrets VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (install_id) DO UPDATE SET ciphertext = excluded.ciphertext, algorithm = excluded.algorithm,
             names = excluded.names, version = excluded.version, updated_at = excluded.updated_at`,
        ).run(
          randomUUID(),
          installId,
          tenantId,
          secretBox.seal(JSON.stringify(merged)),
          ALGORITHM,
          names,
          randomUUID(),
          now,
          now,
        );
      });
    },

    clearSecrets(registryId) {
      const { installId } = installs.require(registryId);
      durably(store, () =>
        db.prepare('DELETE FROM tenant_extension_install_secrets WHERE install_id = ?').run(installId),
      );
    },

    uninstall(registryId) {
      const { installId } = installs.require(registryId);
      durably(store, () => {
        db.prepare('DELETE FROM tenant_extension_install WHERE id = ?').run(installId);
        for (const table of ['ext_storage_records', 'ext_storage_usage']) {
          db.prepare(`DELETE FROM ${table} WHERE extension_install_id = ?`).run(installId);
        }
      });
    },
  };
}

/** How a config value reaches the runner (spec 8). */
function configText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
