import { describe, expect, test } from 'vitest';
import { changes, registry, restart, useRegistry, UUID } from './test-kit.ts';

useRegistry();

describe('local tenant', () => {
  test('is made once, with three users of which the agent is signed in', () => {
    const { tenantId, clientName } = registry.tenant();
    expect(tenantId).toMatch(UUID);
    expect(clientName).toBe('Acme (local)');
    expect(registry.users()).toMatchObject([
      { name: 'Demo Agent', userType: 'internal', permissions: ['extension:read', 'extension:write'] },
      { name: 'Demo Reader', userType: 'internal', permissions: ['extension:read'] },
      {
        name: 'Demo Client',
        userType: 'client',
        clientId: expect.stringMatching(UUID) as unknown,
        permissions: [],
      },
    ]);
    expect(registry.currentUser()?.name).toBe('Demo Agent');
    const users = registry.users();
    restart();
    expect(registry.tenant().tenantId).toBe(tenantId);
    expect(registry.users()).toEqual(users);
  });

  test('the session is remembered, signed out as well; an unknown user is refused', () => {
    const [, reader] = registry.users();
    registry.setCurrentUser(reader?.userId);
    restart();
    expect(registry.currentUser()).toEqual(reader);
    registry.setCurrentUser(undefined);
    expect(changes).toBe(1);
    restart();
    expect(registry.currentUser()).toBeUndefined();
    expect(() => registry.setCurrentUser('nobody')).toThrow(
      expect.objectContaining({ code: 'registry.unknown-user' }),
    );
  });

  test('settings are kept until they are removed', () => {
    registry.setSetting('theme', 'dark');
    registry.setSetting('theme', 'light');
    restart();
    expect(registry.setting('theme')).toBe('light');
    registry.setSetting('theme', undefined);
    expect(registry.setting('theme')).toBeUndefined();
    expect(changes).toBe(0);
  });
});
