import { useEffect, useSyncExternalStore } from 'react';
import type { PreviewTheme } from '../../../contract/index.ts';
import { usePreferences } from './preferences.ts';
import { act } from './toasts.ts';
import { useWorkbench } from './workbench.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const contrast = window.matchMedia('(prefers-contrast: more)');

function subscribe(changed: () => void): () => void {
  dark.addEventListener('change', changed);
  contrast.addEventListener('change', changed);
  return () => {
    dark.removeEventListener('change', changed);
    contrast.removeEventListener('change', changed);
  };
}

function systemTheme(): PreviewTheme {
  if (contrast.matches) return 'high-contrast';
  return dark.matches ? 'dark' : 'light';
}

/** The theme in force: the chosen one, or the system's. */
export function useTheme(): PreviewTheme {
  const system = useSyncExternalStore(subscribe, systemTheme);
  const choice = usePreferences(preferences => preferences.theme);
  return choice === 'system' ? system : choice;
}

/** Puts the theme on the page, tells main its background, and lets the platform page follow. */
export function useAppliedTheme(): void {
  const theme = useTheme();
  const follows = usePreferences(preferences => preferences.previewFollowsWindow);
  const previewTheme = useWorkbench(({ state }) => state?.previewTheme);

  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    announceBackground();
  }, [theme]);

  useEffect(() => {
    if (follows && previewTheme !== undefined && previewTheme !== theme) act('preview.set-theme', { theme });
  }, [follows, theme, previewTheme]);
}

/** The window behind the page takes the page's colour, also at the next start, before anything is loaded. */
function announceBackground(): void {
  let meta = document.querySelector<HTMLMetaElement>('meta[name="theme-color"]');
  if (!meta) {
    meta = document.createElement('meta');
    meta.name = 'theme-color';
    document.head.append(meta);
  }
  meta.content = asHex(getComputedStyle(document.documentElement).backgroundColor);
}

/** Any CSS colour as `#rrggbb`. */
function asHex(color: string): string {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d');
  if (!context) return '#000000';
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map(part => part.toString(16).padStart(2, '0')).join('')}`;
}
