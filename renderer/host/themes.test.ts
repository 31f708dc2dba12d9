import { describe, expect, it } from 'vitest';
import { THEME_CLASSES, THEME_TOKENS } from './themes.ts';

describe('theme tokens (spec ui-bridge 5.1)', () => {
  it.each(['light', 'dark', 'high-contrast'] as const)('%s has the same 31, none of them empty', theme => {
    const names = Object.keys(THEME_TOKENS[theme]);
    expect(names).toHaveLength(31);
    expect(names.sort()).toEqual(Object.keys(THEME_TOKENS.light).sort());
    for (const [name, value] of Object.entries(THEME_TOKENS[theme])) {
      expect(name).toMatch(/^--alga-/);
      expect(value).toMatch(/^(#[0-9a-f]{6}|8px|0 0% 0%)$/);
    }
  });

  it('gives every theme classes of its own, so that a switch is seen', () => {
    expect(new Set(Object.values(THEME_CLASSES)).size).toBe(3);
  });
});
