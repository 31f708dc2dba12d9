import { create } from 'zustand';
import type { ErrorValue } from '../../../contract/index.ts';
import { call, errorValue } from './bridge.ts';
import type { RequestDraft } from './view.ts';

/** The call composed in the Request tab: running, answered, or refused before it was sent. */
export type Sending =
  | { readonly phase: 'idle' }
  | { readonly phase: 'sending'; readonly draft: RequestDraft }
  | {
      readonly phase: 'answered';
      readonly draft: RequestDraft;
      readonly traceId: string;
      readonly status: number;
    }
  | { readonly phase: 'failed'; readonly draft: RequestDraft; readonly error: ErrorValue };

interface RequestStore {
  /** By registry id: each install keeps its last answer. */
  readonly byInstall: Readonly<Record<string, Sending>>;
}

export const useRequests = create<RequestStore>()(() => ({ byInstall: {} }));

const IDLE: Sending = { phase: 'idle' };

export function sendingOf(store: RequestStore, registryId: string): Sending {
  return store.byInstall[registryId] ?? IDLE;
}

/** Names of path parameters (`:id`) that are still to be filled in. */
export function openParameters(path: string): string[] {
  return [...path.matchAll(/:([A-Za-z_]\w*)/g)].map(match => match[1] ?? '');
}

/** Sends the call through the gateway as the current user. */
export async function sendRequest(registryId: string, draft: RequestDraft): Promise<void> {
  put(registryId, { phase: 'sending', draft });
  const withBody = draft.method !== 'GET' && draft.body !== '';
  try {
    const { traceId, status } = await call('install.send-request', {
      registryId,
      method: draft.method,
      path: draft.path,
      ...(withBody && { body: draft.body }),
    });
    put(registryId, { phase: 'answered', draft, traceId, status });
  } catch (error) {
    put(registryId, { phase: 'failed', draft, error: errorValue(error) });
  }
}

function put(registryId: string, sending: Sending): void {
  useRequests.setState(({ byInstall }) => ({ byInstall: { ...byInstall, [registryId]: sending } }));
}
