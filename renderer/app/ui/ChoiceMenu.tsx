import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './ChoiceMenu.module.css';

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly hint?: string;
}

interface ChoiceMenuProps<V extends string> {
  /** What is chosen here; the accessible name is this and the current choice. */
  readonly label: string;
  readonly icon?: ReactNode;
  readonly choices: readonly Choice<V>[];
  readonly value: V;
  /** Shown instead of the current choice's label. */
  readonly shown?: ReactNode;
  readonly onChoose: (value: V) => void;
}

/** A button that shows the current choice and opens the others. */
export function ChoiceMenu<V extends string>(props: ChoiceMenuProps<V>) {
  const { label, icon, choices, value, shown, onChoose } = props;
  const current = choices.find(choice => choice.value === value);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className={styles['trigger']}
        title={label}
        aria-label={`${label}: ${current?.label ?? value}`}
      >
        {icon}
        <span className={styles['current']}>{shown ?? current?.label ?? value}</span>
        <ChevronDown size={12} aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles['content']} align="end" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.Label className={styles['title']}>{label}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup
            value={value}
            onValueChange={chosen => {
              const choice = choices.find(each => each.value === chosen);
              if (choice) onChoose(choice.value);
            }}
          >
            {choices.map(choice => (
              <DropdownMenu.RadioItem key={choice.value} value={choice.value} className={styles['item']}>
                <span className={styles['mark']}>
                  <DropdownMenu.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </DropdownMenu.ItemIndicator>
                </span>
                <span>{choice.label}</span>
                {choice.hint !== undefined && <span className={styles['hint']}>{choice.hint}</span>}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
