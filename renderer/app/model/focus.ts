import { focusRegion } from './regions.ts';

let before: HTMLElement | undefined;

/** Keeps where the focus is, for when the dialog that opens now has closed. */
export function rememberFocus(): void {
  const active = document.activeElement;
  // A dialog that follows another goes back to where the first was opened.
  if (!(active instanceof HTMLElement) || active.closest('[role="dialog"]')) return;
  before = active === document.body ? undefined : active;
}

/** Gives the focus back, or to the middle of the window when its place is gone. */
export function restoreFocus(): void {
  if (before?.isConnected) before.focus();
  else focusRegion('main');
  before = undefined;
}

/** Lets the next {@link restoreFocus} go to the middle of the window: what the dialog made is there. */
export function forgetFocus(): void {
  before = undefined;
}
