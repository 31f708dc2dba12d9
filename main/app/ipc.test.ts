import { describe, expect, it } from 'vitest';
import { IPC, WorkbenchError, type IpcChannel } from '../../contract/index.ts';
import { checkEvent, serveCall, type IpcHandlers, type Sender } from './ipc.ts';

const trusted: Sender = { isWindowMainFrame: true, origin: 'xwb://app' };

function handlersWith(own: Record<string, (input: unknown) => Promise<unknown>>): Promise<IpcHandlers> {
  const refuse = (): Promise<never> => Promise.reject(new Error('not expected to be called'));
  const all = Object.keys(IPC).map(channel => [channel, own[channel] ?? refuse] as const);
  return Promise.resolve(Object.fromEntries(all) as unknown as IpcHandlers);
}

async function failure(answer: ReturnType<typeof serveCall>): Promise<string> {
  const result = await answer;
  return result.ok ? 'ok' : result.error.code;
}

describe('serveCall', () => {
  const create = handlersWith({ 'project.create': () => Promise.resolve({ projectId: 'p1' }) });
  const input = { templateId: 'handler', folder: '/x' };

  it('answers a well-formed call of the window', async () => {
    expect(await serveCall(create, trusted, 'project.create', input)).toEqual({
      ok: true,
      value: { projectId: 'p1' },
    });
  });

  it.each<[string, Sender]>([
    ['an iframe of the window', { isWindowMainFrame: false, origin: 'xwb://app' }],
    ['the host page', { isWindowMainFrame: false, origin: 'http://localhost:4310' }],
    ['our window showing another page', { isWindowMainFrame: true, origin: 'http://localhost:4310' }],
    ['a look-alike origin', { isWindowMainFrame: true, origin: 'xwb://app.evil' }],
    ['a frame that is gone', { isWindowMainFrame: false, origin: undefined }],
  ])('refuses %s, even for a channel that does not exist', async (_, sender) => {
    expect(await failure(serveCall(create, sender, 'project.create', input))).toBe('ipc.untrusted-sender');
    expect(await failure(serveCall(create, sender, 'nothing', input))).toBe('ipc.untrusted-sender');
  });

  it.each(['project.destroy', '__proto__', 'constructor', '', 7, undefined, null, {}])(
    'refuses the unknown channel %j',
    async channel => {
      expect(await failure(serveCall(create, trusted, channel, undefined))).toBe('ipc.unknown-channel');
    },
  );

  it.each([undefined, null, {}, { templateId: 'handler' }, { ...input, extra: 1 }, { ...input, folder: 3 }])(
    'refuses the input %j before any handler runs',
    async wrong => {
      const handlers = handlersWith({});
      expect(await failure(serveCall(handlers, trusted, 'project.create', wrong))).toBe('ipc.invalid-input');
    },
  );

  it('refuses every channel an input of the wrong shape', async () => {
    const handlers = handlersWith({});
    for (const channel of Object.keys(IPC) as IpcChannel[]) {
      expect(await failure(serveCall(handlers, trusted, channel, ['wrong']))).toBe('ipc.invalid-input');
    }
  });

  it('lets no answer of the wrong shape out', async () => {
    const handlers = handlersWith({ 'project.create': () => Promise.resolve({ id: 'p1' }) });
    expect(await failure(serveCall(handlers, trusted, 'project.create', input))).toBe('ipc.invalid-output');
  });

  it('carries a coded failure with its next step, and foresees the unforeseen', async () => {
    const coded = handlersWith({
      'project.create': () =>
        Promise.reject(new WorkbenchError('project.folder-not-empty', { details: { folder: '/x' } })),
    });
    expect(await serveCall(coded, trusted, 'project.create', input)).toMatchObject({
      ok: false,
      error: {
        code: 'project.folder-not-empty',
        next: expect.any(String) as string,
        details: { folder: '/x' },
      },
    });
    const broken = handlersWith({ 'project.create': () => Promise.reject(new TypeError('boom')) });
    expect(await failure(serveCall(broken, trusted, 'project.create', input))).toBe('internal.unexpected');
  });

  it('answers with the reason when the services did not start', async () => {
    const handlers = Promise.reject(new WorkbenchError('store.unavailable'));
    expect(await failure(serveCall(handlers, trusted, 'state.get', undefined))).toBe('store.unavailable');
  });
});

describe('checkEvent', () => {
  it('passes an event of the right shape and stops another', () => {
    const event = { upserts: [], cleared: false, total: 0, paused: false };
    expect(checkEvent('traffic', event)).toEqual(event);
    expect(() => checkEvent('traffic', { ...event, total: 0.5 })).toThrow(
      expect.objectContaining({ code: 'ipc.invalid-output' }),
    );
  });
});
