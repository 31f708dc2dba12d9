import type { ReactNode } from 'react';
import styles from './Page.module.css';

/** A scrolling page of the centre. */
export function Page({ children }: { children: ReactNode }) {
  return (
    <div className={styles['scroll']}>
      <div className={styles['page']}>{children}</div>
    </div>
  );
}

/** A titled part of a page. */
export function PageSection(props: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles['section']} aria-label={props.title}>
      <header className={styles['head']}>
        <div>
          <h2>{props.title}</h2>
          {props.note !== undefined && <p className={styles['note']}>{props.note}</p>}
        </div>
        {props.actions !== undefined && <div className={styles['actions']}>{props.actions}</div>}
      </header>
      {props.children}
    </section>
  );
}

/** Names and values, one a line. */
export function Facts({ facts }: { facts: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className={styles['facts']}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd data-selectable>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
