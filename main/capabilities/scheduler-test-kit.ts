import { afterEach, beforeEach, expect } from 'vitest';
import type { HostReply, Posture } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import { callOf, contextWith, memoryStore, writeInstall } from './test-kit.ts';

/** What the installed version declares. */
export const ENDPOINTS = [
  'PUT /sync',
  'POST /sync',
  'GET /sync',
  'GET /items/:id',
  'GET /a{b}',
  'DELETE /gone',
];
/** An id that no schedule has. */
export const NOWHERE = '11111111-1111-4111-8111-111111111111';
const SCHEDULE = { endpoint: '/sync', cron: '0 3 * * *' };
/** When each test begins, in epoch milliseconds. */
export const START = Date.UTC(2026, 0, 15, 12, 0);

export let store: Store;
let capabilities: Capabilities;
let clock: number;

/** Gives each test of the calling file a store in memory with one install. */
export function useScheduler(): void {
  beforeEach(() => {
    clock = START;
    store = memoryStore();
    writeInstall(store, ENDPOINTS);
    capabilities = createCapabilities({ store, now: () => clock });
  });
  afterEach(async () => {
    await capabilities.close();
    store.close();
  });
}

/** Lets time pass. */
export function wait(milliseconds: number): void {
  clock += milliseconds;
}

export async function ask(
  name: string,
  args: Record<string, unknown> = {},
  more: { posture?: Posture; installId?: string; tenantId?: string } = {},
): Promise<HostReply> {
  const context = contextWith(['cap:scheduler.manage'], more);
  return capabilities.hostFunctions(context)(callOf(`scheduler.${name}`, args));
}

export const create = (input: object, posture: Posture = 'faithful'): Promise<HostReply> =>
  ask('create-schedule', { input: { ...SCHEDULE, ...input } }, { posture });
export const update = (id: string, input: object, posture: Posture = 'faithful'): Promise<HostReply> =>
  ask('update-schedule', { scheduleId: id, input }, { posture });

/** Makes a schedule that has to succeed; gives its id. */
export async function created(input: object = {}): Promise<string> {
  const reply = await create(input);
  expect(reply.value).toEqual({ success: true, scheduleId: expect.any(String) as unknown });
  return (reply.value as { scheduleId: string }).scheduleId;
}

/** What get-schedule finds. */
export async function schedule(id: string): Promise<unknown> {
  return ((await ask('get-schedule', { scheduleId: id })).value as { ok: unknown }).ok;
}
