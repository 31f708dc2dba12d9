import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { setPreference, usePreferences, type ThemeChoice } from '../../model/preferences.ts';
import styles from '../../ui/ChoiceMenu.module.css';

export const THEME_CHOICES: readonly { readonly value: ThemeChoice; readonly label: string }[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'high-contrast', label: 'High contrast' },
];

export function ThemeMenu({ className, icon }: { className: string | undefined; icon: ReactNode }) {
  const theme = usePreferences(preferences => preferences.theme);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={className} aria-label="Window theme" title="Window theme">
        {icon}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles['content']} side="right" align="end" sideOffset={6}>
          <DropdownMenu.Label className={styles['title']}>Window theme</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={theme}>
            {THEME_CHOICES.map(choice => (
              <DropdownMenu.RadioItem
                key={choice.value}
                value={choice.value}
                className={styles['item']}
                onSelect={() => setPreference({ theme: choice.value })}
              >
                <span className={styles['mark']}>
                  <DropdownMenu.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </DropdownMenu.ItemIndicator>
                </span>
                {choice.label}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
