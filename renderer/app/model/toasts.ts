import { create } from 'zustand';
import type { IpcChannel, IpcInput } from '../../../contract/index.ts';
import { call, errorValue } from './bridge.ts';

export interface Toast {
  readonly id: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly next?: string;
  /** Stays until dismissed. */
  readonly lasting: boolean;
}

interface ToastStore {
  readonly toasts: readonly Toast[];
}

const LIMIT = 4;
let count = 0;

export const useToasts = create<ToastStore>()(() => ({ toasts: [] }));

export function showToast(toast: Omit<Toast, 'id'> & { id?: string }): void {
  count += 1;
  const added: Toast = { ...toast, id: toast.id ?? `toast-${count}` };
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter(({ id }) => id !== added.id), added].slice(-LIMIT),
  }));
}

export function dismissToast(id: string): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter(toast => toast.id !== id) }));
}

/** Shows what went wrong and what to do about it. */
export function reportFailure(error: unknown): void {
  const { message, next, code } = errorValue(error);
  showToast({ id: code, severity: 'error', message, next, lasting: false });
}

/** Calls main for its effect only; a failure is shown to the user. */
export function act<C extends IpcChannel>(channel: C, input: IpcInput<C>): void {
  call(channel, input).catch(reportFailure);
}

/** Copies text and says so. */
export function copyText(text: string, what: string): void {
  navigator.clipboard
    .writeText(text)
    .then(() => showToast({ id: 'copied', severity: 'info', message: `${what} copied`, lasting: false }))
    .catch(reportFailure);
}
