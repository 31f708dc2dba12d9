import { Info, TriangleAlert } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { WorkbenchState } from '../../../../contract/index.ts';
import { cx } from '../../lib/classes.ts';
import styles from './StatusBar.module.css';

/** What the user should know about the workbench itself, behind one quiet button. */
export function Notices({ notices }: { notices: WorkbenchState['notices'] }) {
  const warns = notices.some(notice => notice.severity === 'warning');
  const Icon = warns ? TriangleAlert : Info;
  return (
    <Popover.Root>
      <Popover.Trigger className={cx(styles['item'], warns && styles['paused'])}>
        <Icon size={12} aria-hidden /> {notices.length === 1 ? '1 notice' : `${notices.length} notices`}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles['notices']}
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Notices"
        >
          <ul>
            {notices.map(notice => (
              <li key={notice.id} data-severity={notice.severity}>
                {notice.severity === 'warning' ? (
                  <TriangleAlert size={14} aria-label="Warning" />
                ) : (
                  <Info size={14} aria-label="Note" />
                )}
                <span data-selectable>{notice.message}</span>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
