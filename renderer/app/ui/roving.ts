import type { KeyboardEvent } from 'react';

const KEYS = ['ArrowDown', 'ArrowUp', 'Home', 'End'];

/**
 * Arrow keys for a list whose items carry `data-item`: moves the focus among them. Give it to the list's
 * `onKeyDown`.
 */
export function rovingKeys(event: KeyboardEvent<HTMLElement>): void {
  if (!KEYS.includes(event.key) || !(event.target instanceof HTMLElement)) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-item]')];
  const from = items.indexOf(event.target);
  if (from === -1) return;
  event.preventDefault();
  const last = items.length - 1;
  const to = { ArrowDown: Math.min(from + 1, last), ArrowUp: Math.max(from - 1, 0), Home: 0, End: last }[
    event.key
  ];
  items[to ?? from]?.focus();
}
