import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { packBundle } from '../bundle/index.ts';
import {
  bundleOf,
  changes,
  folder,
  install,
  MANIFEST,
  registry,
  restart,
  rows,
  store,
  text,
  useRegistry,
  UUID,
} from './test-kit.ts';

useRegistry();

test('a bundle is found by its hash under its own extension, earlier ones included', async () => {
  const first = await install({}, 'one');
  const second = await install({}, 'two');
  const other = await install({ name: 'other' }, 'three');
  for (const { registryId, contentHash, uiDir } of [second, first, other]) {
    expect(registry.bundle(registryId, contentHash)).toEqual({
      componentPath: expect.stringContaining(contentHash.replace('sha256:', '')) as string,
      uiDir,
    });
  }
  expect(registry.bundle(other.registryId, first.contentHash)).toBeUndefined();
  registry.uninstall(first.registryId);
  expect(registry.bundle(first.registryId, first.contentHash)).toBeUndefined();
});

describe('installing', () => {
  test('records everything and resolves by each name', async () => {
    const installed = await install();
    expect(installed).toMatchObject({
      tenantId: registry.tenant().tenantId,
      name: 'helper',
      publisher: 'Acme',
      version: '1.0.0',
      enabled: true,
      endpoints: [{ method: 'GET', path: '/items', handler: 'dist/main' }],
      appMenu: 'Helper',
      clientPortalMenu: 'Portal',
      config: {},
    });
    for (const id of [installed.installId, installed.registryId, installed.versionId])
      expect(id).toMatch(UUID);
    expect(installed.contentHash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(readFileSync(installed.componentPath ?? '', 'utf8')).toBe('component one');
    expect(readFileSync(path.join(installed.uiDir ?? '', 'index.html'), 'utf8')).toBe('<p>hello</p>');
    for (const id of [installed.installId, installed.registryId, 'acme.helper', 'ACME.Helper']) {
      expect(registry.resolve(id)).toEqual(installed);
    }
    expect(registry.resolve('helper')).toBeUndefined();
    expect(registry.resolve(installed.versionId)).toBeUndefined();
    expect(changes).toBe(1);
  });

  test('grants the defaults and the known names of the manifest, nothing else', async () => {
    const { capabilities } = await install();
    expect([...capabilities].sort()).toEqual([
      'cap:context.read',
      'cap:log.emit',
      'cap:secrets.get',
      'cap:storage.kv',
      'cap:user.read',
    ]);
  });

  test('a later version takes over with its capabilities; ids stay', async () => {
    const one = await install();
    const two = await install({ version: '1.1.0', capabilities: ['cap:http.fetch'] }, 'two');
    expect(two).toMatchObject({ installId: one.installId, registryId: one.registryId, version: '1.1.0' });
    expect(two.versionId).not.toBe(one.versionId);
    expect(two.capabilities).toContain('cap:http.fetch');
    expect(two.capabilities).not.toContain('cap:storage.kv');
    expect(registry.installs()).toHaveLength(1);
  });

  test('one version gets further bundles, each with its own manifest; the newest wins', async () => {
    const one = await install();
    const two = await install({ api: { endpoints: [] } }, 'two');
    expect(two.versionId).toBe(one.versionId);
    expect(two.contentHash).not.toBe(one.contentHash);
    expect(two.endpoints).toEqual([]);
    expect(rows('extension_api_endpoint')).toBe(0);
    const [record] = registry.installs();
    expect(record?.bundles.map(({ contentHash, current }) => ({ contentHash, current }))).toEqual([
      { contentHash: two.contentHash, current: true },
      { contentHash: one.contentHash, current: false },
    ]);
  });

  test('installing an earlier bundle again makes it the newest, without a second row', async () => {
    const one = await install();
    await install({}, 'two');
    const again = await install();
    expect(again.contentHash).toBe(one.contentHash);
    const [record] = registry.installs();
    expect(record?.bundles).toHaveLength(2);
    expect(record?.bundles[0]).toMatchObject({ contentHash: one.contentHash, current: true });
  });

  test('config, secrets and the enabled state survive', async () => {
    const { registryId, installId } = await install();
    registry.setConfig(registryId, { region: 'eu' });
    registry.mergeSecrets(registryId, { api_key: 'hush' });
    registry.setEnabled(registryId, false);
    const next = await install({ version: '2.0.0' }, 'two');
    expect(next).toMatchObject({ config: { region: 'eu' }, enabled: false });
    expect(registry.secrets(installId)).toEqual({ api_key: 'hush' });
  });

  test('two extensions live side by side; an endpoint declared twice is one row', async () => {
    const endpoint = { method: 'GET', path: '/a', handler: 'first' };
    await install({ api: { endpoints: [endpoint, { ...endpoint, handler: 'second' }] } });
    await install({ name: 'another' });
    expect(registry.installs().map(({ name }) => name)).toEqual(['another', 'helper']);
    expect(
      store.db.prepare("SELECT handler FROM extension_api_endpoint WHERE path = '/a'").pluck().all(),
    ).toEqual(['second']);
  });

  test('a bundle without UI, menu and publisher installs, too', async () => {
    const { name, version, runtime, api } = MANIFEST;
    const file = path.join(folder, 'bare', 'bundle.tar.zst');
    await packBundle(
      [
        { path: 'dist/main.wasm', source: text('component') },
        { path: 'manifest.json', source: text(JSON.stringify({ name, version, runtime, api })) },
      ],
      file,
    );
    const installed = await registry.installBundle(file);
    expect(installed.publisher).toBe('');
    expect(installed).not.toHaveProperty('uiDir');
    expect(registry.resolve('helper')).toEqual(installed);
    expect(registry.installs()[0]).toMatchObject({ hasUi: false });
    expect(registry.installs()[0]).not.toHaveProperty('menuLabel');
  });

  test('installs asked for at once happen in order', async () => {
    const files = await Promise.all(['a', 'b', 'c', 'd'].map(content => bundleOf(MANIFEST, content)));
    const installed = await Promise.all(files.map(file => registry.installBundle(file)));
    expect(registry.resolve('acme.helper')?.contentHash).toBe(installed.at(-1)?.contentHash);
    expect(registry.installs()[0]?.bundles.map(({ contentHash }) => contentHash)).toEqual(
      installed.map(({ contentHash }) => contentHash).reverse(),
    );
  });

  test.each([
    ['no manifest', undefined, 'registry.no-manifest'],
    ['a manifest that finalize refuses', { ...MANIFEST, entry: 'x' }, 'manifest.invalid'],
  ])('%s is refused and changes nothing', async (_, manifest, code) => {
    const { contentHash } = await install();
    await expect(registry.installBundle(await bundleOf(manifest, 'bad'))).rejects.toMatchObject({ code });
    expect(registry.resolve('acme.helper')?.contentHash).toBe(contentHash);
    expect(rows('extension_bundle')).toBe(1);
    expect(changes).toBe(1);
    await install({}, 'after it');
  });

  test('a missing file is the bundle room’s error', async () => {
    await expect(registry.installBundle(path.join(folder, 'none'))).rejects.toMatchObject({
      code: 'bundle.unreadable',
    });
  });

  test('everything is there after a restart, also from another place', async () => {
    const installed = await install();
    registry.setConfig(installed.registryId, { a: 'b' });
    restart();
    expect(registry.resolve(installed.installId)).toEqual({ ...installed, config: { a: 'b' } });
  });
});
