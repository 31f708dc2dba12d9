import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../contract/index.ts';
import { changes, install, registry, restart, useRegistry } from './test-kit.ts';

useRegistry();

const hash = `sha256:${'ab'.repeat(32)}`;
const manifestWith = (path: string): Manifest => ({
  name: 'helper',
  publisher: 'Acme',
  version: '1.0.1',
  runtime: 'wasm-js@1',
  capabilities: ['cap:http.fetch'],
  endpoints: [{ method: 'GET', path, handler: 'handler' }],
});

describe('a live build', () => {
  test('answers in place of the bundle, which stays installed', async () => {
    const { registryId, contentHash, installId } = await install();
    const before = changes;
    registry.setLive(registryId, { hash, manifest: manifestWith('/new'), sourceId: 's1', uiDir: '/ui' });
    expect(changes).toBe(before + 1);
    const resolved = registry.resolve(registryId);
    expect(resolved).toMatchObject({
      installId,
      contentHash,
      buildHash: hash,
      version: '1.0.1',
      sourceId: 's1',
      uiDir: '/ui',
      endpoints: [{ path: '/new' }],
    });
    expect(resolved?.capabilities).toContain('cap:http.fetch');
    expect(resolved).not.toHaveProperty('componentPath');
    expect(resolved).not.toHaveProperty('appMenu');
    expect(registry.installs()[0]).toMatchObject({ contentHash, buildHash: hash, hasUi: true });
  });

  test('has only what it was given: no page and no handler of the bundle', async () => {
    const { registryId } = await install();
    registry.setLive(registryId, { hash, manifest: manifestWith('/x') });
    const resolved = registry.resolve(registryId);
    expect(resolved).not.toHaveProperty('sourceId');
    expect(resolved).not.toHaveProperty('componentPath');
    expect(resolved).not.toHaveProperty('uiDir');
  });

  test('goes when it is taken back, and with the process', async () => {
    const installed = await install();
    const { registryId } = installed;
    registry.setLive(registryId, { hash, manifest: manifestWith('/x') });
    registry.setLive(registryId, undefined);
    expect(registry.resolve(registryId)).toEqual(installed);
    registry.setLive(registryId, { hash, manifest: manifestWith('/x') });
    restart();
    expect(registry.resolve(registryId)).toEqual(installed);
  });

  test('is waited for while it is on its way, however many are', async () => {
    const { registryId } = await install();
    expect(registry.whenLive('acme.helper')).toBeUndefined();
    const [first, second] = [registry.expectLive(registryId), registry.expectLive(registryId)];
    let ready = false;
    const waited = registry.whenLive('acme.helper')?.then(() => (ready = true));
    expect(registry.whenLive('another')).toBeUndefined();
    second();
    await Promise.resolve();
    expect(ready).toBe(false);
    first();
    await waited;
    expect(registry.whenLive(registryId)).toBeUndefined();
  });

  test('is refused for what is not installed', () => {
    expect(() => registry.setLive('nobody', { hash, manifest: manifestWith('/x') })).toThrow(
      expect.objectContaining({ code: 'registry.not-installed' }),
    );
  });
});
