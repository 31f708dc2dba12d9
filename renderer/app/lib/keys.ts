/** A key with modifiers, for example `Mod+Shift+B`; `Mod` is Command on macOS and Control elsewhere. */
export type Shortcut = string;

const ARROWS = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←' };
const NAMES: Readonly<Record<string, string>> = { Mod: 'Ctrl', Escape: 'Esc', ...ARROWS };
const MAC_NAMES: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↩',
  Escape: 'Esc',
  ...ARROWS,
};

/** Is this the key that was pressed? Letters by what they mean, digits and signs by what they write. */
export function matchesShortcut(
  shortcut: Shortcut,
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
  mac: boolean,
): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const mod = parts.includes('Mod');
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    (mac ? event.metaKey : event.ctrlKey) === mod &&
    !(mac ? event.ctrlKey : event.metaKey) &&
    event.shiftKey === parts.includes('Shift') &&
    event.altKey === parts.includes('Alt')
  );
}

/** The shortcut's keys as they are written on the user's keyboard. */
export function shortcutKeys(shortcut: Shortcut, mac: boolean): string[] {
  const names = mac ? MAC_NAMES : NAMES;
  return shortcut.split('+').map(part => names[part] ?? part);
}

/** Is the window on a Mac? */
export function onMac(): boolean {
  return navigator.platform.startsWith('Mac');
}
