import { CircleUser, UserX } from 'lucide-react';
import type { SessionView, User } from '../../../../contract/index.ts';
import { act } from '../../model/toasts.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Section } from './Section.tsx';
import styles from './Sidebar.module.css';

/** Who the gateway takes the caller to be. */
export function Session({ session }: { session: SessionView }) {
  return (
    <>
      <p className={styles['teach']}>
        Calls reach your extension as one of these users of <b>{session.tenant.clientName}</b>. Try it as
        each: what an internal user may do, a client user may not.
      </p>
      <Section title="Act as">
        {session.users.map(user => (
          <UserItem key={user.userId} user={user} current={user.userId === session.currentUserId} />
        ))}
        <li className={styles['entry']} data-current={session.currentUserId === undefined}>
          <button
            type="button"
            data-item
            className={styles['item']}
            aria-current={session.currentUserId === undefined ? 'true' : undefined}
            onClick={() => act('session.set-user', {})}
          >
            <span className={styles['glyph']}>
              <UserX size={14} aria-hidden />
            </span>
            <span className={styles['label']}>Signed out</span>
          </button>
        </li>
      </Section>
    </>
  );
}

function UserItem({ user, current }: { user: User; current: boolean }) {
  return (
    <li className={styles['user']} data-current={current}>
      <button
        type="button"
        data-item
        className={styles['item']}
        aria-current={current ? 'true' : undefined}
        onClick={() => act('session.set-user', { userId: user.userId })}
      >
        <span className={styles['glyph']}>
          <CircleUser size={14} aria-hidden />
        </span>
        <span className={styles['label']}>{user.name}</span>
        <span className={styles['meta']}>{user.userType}</span>
      </button>
      <div className={styles['facts']}>
        <span data-selectable>{user.email}</span>
        <span className={styles['chips']}>
          {user.permissions.map(permission => (
            <Chip key={permission}>{permission}</Chip>
          ))}
          {user.permissions.length === 0 && <Chip>no permissions</Chip>}
        </span>
      </div>
    </li>
  );
}
