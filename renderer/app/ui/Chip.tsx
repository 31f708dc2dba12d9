import type { ReactNode } from 'react';
import { cx } from '../lib/classes.ts';
import styles from './Chip.module.css';

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'accent';

/** A small label; its tone never stands alone, the words say the same. */
export function Chip(props: { tone?: Tone; mono?: boolean; title?: string; children: ReactNode }) {
  const { tone = 'plain', mono = false, title, children } = props;
  return (
    <span className={cx(styles['chip'], styles[tone], mono && styles['mono'])} title={title}>
      {children}
    </span>
  );
}
