import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openStoreWith } from '../open-store.ts';
import { initial } from './0001-initial.ts';
import { MIGRATIONS } from './index.ts';

test('a database of version 1 keeps its rows and gains the new tables', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'xwb-migration-'));
  const file = path.join(folder, 'workbench.db');
  try {
    const before = openStoreWith(file, [initial]);
    before.db.exec("INSERT INTO local_tenant VALUES ('tenant-1', 'Acme')");
    before.close();
    const after = openStoreWith(file, MIGRATIONS);
    const rows = (sql: string): unknown[] => after.db.prepare(sql).all();
    expect(rows('SELECT id FROM local_tenant')).toEqual([{ id: 'tenant-1' }]);
    expect(rows('SELECT * FROM local_role_permission ORDER BY permission')).toEqual([
      { user_type: 'internal', permission: 'client:read' },
      { user_type: 'internal', permission: 'service:read' },
    ]);
    for (const table of ['tenant_extension_schedule', 'local_client', 'local_service', 'local_invoice']) {
      expect(rows(`SELECT * FROM ${table}`)).toEqual([]);
    }
    after.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
