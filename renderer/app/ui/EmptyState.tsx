import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

/** What stands where there is nothing yet: says why, and what to do. */
export function EmptyState(props: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={styles['empty']}>
      <span className={styles['icon']} aria-hidden>
        {props.icon}
      </span>
      <p className={styles['title']}>{props.title}</p>
      {props.children !== undefined && <div className={styles['body']}>{props.children}</div>}
      {props.actions !== undefined && <div className={styles['actions']}>{props.actions}</div>}
    </div>
  );
}
