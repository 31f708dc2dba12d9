import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CAPABILITIES, WorkbenchError, type HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import type { HostContext } from './host-context.ts';
import { callOf, CLIENT_USER, contextWith, memoryStore, TENANT, without } from './test-kit.ts';

let store: Store;
let capabilities: Capabilities;
beforeEach(() => {
  store = memoryStore();
  capabilities = createCapabilities({ store });
});
afterEach(async () => {
  await capabilities.close();
  store.close();
});

async function ask(
  context: HostContext,
  name: string,
  args: Record<string, unknown> = {},
): Promise<HostReply> {
  return capabilities.hostFunctions(context)(callOf(name, args));
}

describe('context, logging, secrets', () => {
  test('context echoes the ids, absent ones left out', async () => {
    expect((await ask(contextWith([]), 'context.get-context')).value).toEqual({
      requestId: 'request-1',
      tenantId: 'tenant-1',
      extensionId: 'registry-1',
      installId: 'install-1',
      versionId: 'version-1',
    });
    expect(
      (await ask(without(contextWith([]), 'installId', 'versionId'), 'context.get-context')).value,
    ).toEqual({
      requestId: 'request-1',
      tenantId: 'tenant-1',
      extensionId: 'registry-1',
    });
  });

  test.each(['info', 'warn', 'error'])('log-%s passes the line on', async level => {
    const context = contextWith(['cap:log.emit']);
    expect((await ask(context, `logging.log-${level}`, { message: 'hello' })).value).toBeNull();
    expect(context.logs).toEqual([{ level, message: 'hello', source: 'guest' }]);
  });

  test('secrets come from the map and from nowhere else', async () => {
    const context = contextWith(['cap:secrets.get']);
    expect((await ask(context, 'secrets.get', { key: 'api_key' })).value).toEqual({ ok: 's3cret-value' });
    expect((await ask(context, 'secrets.get', { key: 'toString' })).value).toEqual({ err: 'missing' });
  });

  test('secrets that cannot be opened end the call instead of looking like none', async () => {
    const context = contextWith(['cap:secrets.get'], {
      secrets: () => {
        throw new WorkbenchError('secrets.locked');
      },
    });
    await expect(ask(context, 'secrets.get', { key: 'x' })).rejects.toMatchObject({ code: 'secrets.locked' });
  });
});

describe('user', () => {
  const data = {
    tenantId: TENANT.tenantId,
    clientName: TENANT.clientName,
    userId: CLIENT_USER.userId,
    userEmail: CLIENT_USER.email,
    userName: CLIENT_USER.name,
    userType: 'client',
  };

  test('v1 has neither client id nor additional fields', async () => {
    expect((await ask(contextWith(['cap:user.read']), 'user.get-user')).value).toEqual({ ok: data });
  });

  test('v2 has them, sorted by name', async () => {
    expect((await ask(contextWith(['cap:user.read']), 'user-v2.get-user')).value).toEqual({
      ok: {
        ...data,
        clientId: 'client-1',
        additionalFields: [
          ['contact_id', 'contact-1'],
          ['locale', 'de'],
          ['timezone', 'Europe/Berlin'],
        ],
      },
    });
  });

  test.each(['user', 'user-v2'])('%s with nobody signed in is not-available', async name => {
    const signedOut = without(contextWith(['cap:user.read']), 'user');
    expect((await ask(signedOut, `${name}.get-user`)).value).toEqual({ err: 'not-available' });
  });
});

describe('local checks of the runner', () => {
  test.each([
    [{ page: 0 }, 'invalid-input'],
    [{ page: 1, pageSize: 0 }, 'invalid-input'],
    [{ page: 1, pageSize: 101 }, 'invalid-input'],
    // Past the runner's checks, the platform finds no such install.
    [{ page: 1, pageSize: 100 }, 'internal'],
  ])('list-clients and list-services of %o: %s', async (input, expected) => {
    const context = contextWith(['cap:client.read', 'cap:service.read']);
    expect((await ask(context, 'clients.list-clients', { input })).value).toEqual({ err: expected });
    expect((await ask(context, 'services.list-services', { input })).value).toEqual({ err: expected });
  });

  test.each(['create', 'update'])('%s-schedule answers a payload that is not JSON itself', async verb => {
    const context = contextWith(['cap:scheduler.manage']);
    const args = { scheduleId: 's', input: { endpoint: '/x', cron: '0 0 * * *', payload: '' } };
    expect((await ask(context, `scheduler.${verb}-schedule`, args)).value).toEqual({
      success: false,
      error: 'Invalid payload',
      fieldErrors: '{"payload":"Must be valid JSON"}',
    });
  });
});

describe('the seam', () => {
  test.each([
    ['storage.get', { key: 'no namespace' }],
    ['storage.drop', {}],
    ['metrics.emit', {}],
    ['constructor.name', {}],
    ['storage.constructor', {}],
  ])('%s with arguments %o is no call of the world', async (name, args) => {
    const context = contextWith([...CAPABILITIES]);
    await expect(ask(context, name, args)).rejects.toMatchObject({ code: 'capabilities.bad-call' });
  });
});
