import type { PreviewTheme } from '../../contract/index.ts';

type Tokens = Readonly<Record<`--alga-${string}`, string>>;

/** Tokens that are the same in every theme (spec ui-bridge 5.1); the ring is a bare HSL triple. */
const CONSTANT: Tokens = { '--alga-radius': '8px', '--alga-ring': '0 0% 0%' };

const LIGHT: Tokens = {
  '--alga-primary': '#8a4dea',
  '--alga-primary-foreground': '#f6f0fe',
  '--alga-primary-light': '#dcc5fb',
  '--alga-primary-dark': '#7c45d3',
  '--alga-primary-50': '#f6f0fe',
  '--alga-primary-100': '#ede2fd',
  '--alga-secondary': '#40cff9',
  '--alga-secondary-foreground': '#ecfcfe',
  '--alga-secondary-light': '#66dffb',
  '--alga-accent': '#ff9c30',
  '--alga-accent-foreground': '#fff6e6',
  '--alga-danger': '#ef4444',
  '--alga-danger-dark': '#dc2626',
  '--alga-fg': '#0f172a',
  '--alga-muted-fg': '#64748b',
  '--alga-border': '#e2e8f0',
  '--alga-border-light': '#f1f5f9',
  '--alga-bg': '#f7f8fa',
  '--alga-card-bg': '#ffffff',
  '--alga-muted': '#f8fafc',
  '--alga-row-even': '#f8fafc',
  '--alga-row-odd': '#f7f8fa',
  '--alga-row-hover': '#f6f0fe',
  '--alga-primary-soft': '#f6f0fe',
  '--alga-primary-soft-fg': '#6e3dbb',
  '--alga-primary-soft-hover': '#ede2fd',
  '--alga-primary-border': '#caa8f9',
  '--alga-success': '#22c55e',
  '--alga-warning': '#f59e0b',
  ...CONSTANT,
};

const DARK: Tokens = {
  '--alga-primary': '#8a4dea',
  '--alga-primary-foreground': '#221743',
  '--alga-primary-light': '#472a81',
  '--alga-primary-dark': '#a366f0',
  '--alga-primary-50': '#221743',
  '--alga-primary-100': '#31205c',
  '--alga-secondary': '#53d7fa',
  '--alga-secondary-foreground': '#267c95',
  '--alga-secondary-light': '#40cff9',
  '--alga-accent': '#ffa645',
  '--alga-accent-foreground': '#2d1e0c',
  '--alga-danger': '#ef4444',
  '--alga-danger-dark': '#ef4444',
  '--alga-fg': '#e8e4f6',
  '--alga-muted-fg': '#9a92b8',
  '--alga-border': '#312952',
  '--alga-border-light': '#1b1530',
  '--alga-bg': '#0c0a18',
  '--alga-card-bg': '#1e1836',
  '--alga-muted': '#130d24',
  '--alga-row-even': '#130d24',
  '--alga-row-odd': '#0c0a18',
  '--alga-row-hover': '#221743',
  '--alga-primary-soft': '#221743',
  '--alga-primary-soft-fg': '#b589f6',
  '--alga-primary-soft-hover': '#31205c',
  '--alga-primary-border': '#5f35a8',
  '--alga-success': '#10b981',
  '--alga-warning': '#f59e0b',
  ...CONSTANT,
};

/** The dark side of the platform's high-contrast pair; the greys between the evidenced ones are ours. */
const HIGH_CONTRAST: Tokens = {
  ...DARK,
  '--alga-primary': '#737373',
  '--alga-primary-foreground': '#0d0d0d',
  '--alga-primary-light': '#262626',
  '--alga-primary-dark': '#a3a3a3',
  '--alga-primary-50': '#0d0d0d',
  '--alga-primary-100': '#1a1a1a',
  '--alga-accent': '#f59e0b',
  '--alga-danger': '#fca5a5',
  '--alga-fg': '#ffffff',
  '--alga-muted-fg': '#d1d5db',
  '--alga-border': '#f5f5f5',
  '--alga-border-light': '#0a0a0a',
  '--alga-bg': '#000000',
  '--alga-card-bg': '#000000',
  '--alga-muted': '#000000',
  '--alga-row-even': '#000000',
  '--alga-row-odd': '#000000',
  '--alga-row-hover': '#0d0d0d',
  '--alga-primary-soft': '#0d0d0d',
  '--alga-primary-soft-fg': '#d4d4d4',
  '--alga-primary-soft-hover': '#1a1a1a',
  '--alga-primary-border': '#404040',
  '--alga-success': '#4ade80',
  '--alga-warning': '#fde047',
};

/** The 31 tokens that the domain host sends, by preview theme (spec ui-bridge 5.1). */
export const THEME_TOKENS: Readonly<Record<PreviewTheme, Tokens>> = {
  light: LIGHT,
  dark: DARK,
  'high-contrast': HIGH_CONTRAST,
};

/**
 * Classes of the host's `<html>` for a theme. The platform tells high contrast by an attribute that it does not
 * watch, which leaves extensions stale (§10 item 43); here it is a class, so that every switch is sent.
 */
export const THEME_CLASSES: Readonly<Record<PreviewTheme, string>> = {
  light: 'light',
  dark: 'dark',
  'high-contrast': 'dark high-contrast',
};
