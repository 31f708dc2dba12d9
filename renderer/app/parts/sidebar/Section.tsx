import { useId, type ReactNode } from 'react';
import { rovingKeys } from '../../ui/roving.ts';
import styles from './Sidebar.module.css';

/** A titled list of the side bar; arrow keys move among its items. */
export function Section(props: { title: string; actions?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles['section']} aria-labelledby={id}>
      <header className={styles['head']}>
        <h2 id={id}>{props.title}</h2>
        {props.actions}
      </header>
      <ul onKeyDown={rovingKeys} aria-labelledby={id}>
        {props.children}
      </ul>
    </section>
  );
}
