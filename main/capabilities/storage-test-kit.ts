import { afterEach, beforeEach } from 'vitest';
import type { HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import { createCapabilities, type Capabilities } from './capabilities.ts';
import { callOf, contextWith, memoryStore } from './test-kit.ts';

export let store: Store;
export let capabilities: Capabilities;
/** What the storage takes for the time, in epoch milliseconds. */
export let clock: number;
/** Gives each test of the calling file a store in memory. */
export function useStorage(): void {
  beforeEach(() => {
    clock = 1_000_000;
    store = memoryStore();
    capabilities = createCapabilities({ store, now: () => clock });
  });
  afterEach(async () => {
    await capabilities.close();
    store.close();
  });
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const base64 = (value: string): string => Buffer.from(value).toString('base64');

export async function ask(
  name: string,
  args: Record<string, unknown>,
  bytes?: Uint8Array,
  installId = 'install-1',
): Promise<HostReply> {
  const context = contextWith(['cap:storage.kv'], { installId });
  return capabilities.hostFunctions(context)(callOf(`storage.${name}`, args, bytes));
}
export async function put(
  key: string,
  value: string | Uint8Array,
  more: { namespace?: string; revision?: number } = {},
): Promise<HostReply> {
  return ask(
    'put',
    { entry: { namespace: 'notes', key, ...more } },
    typeof value === 'string' ? text(value) : value,
  );
}
export const get = (key: string): Promise<HostReply> => ask('get', { namespace: 'notes', key });
export const remove = (key: string): Promise<HostReply> => ask('delete', { namespace: 'notes', key });
export const listed = async (cursor?: string): Promise<{ keys: string[]; reply: HostReply }> => {
  const reply = await ask('list-entries', { namespace: 'notes', ...(cursor !== undefined && { cursor }) });
  const { ok } = reply.value as { ok: { key: string }[] };
  return { keys: ok.map(({ key }) => key), reply };
};
export const usage = (): unknown =>
  store.db.prepare('SELECT bytes_used, keys_count, namespaces_count FROM ext_storage_usage').get();

/** Lets time pass. */
export function wait(milliseconds: number): void {
  clock += milliseconds;
}
