import { onMac, shortcutKeys, type Shortcut } from '../lib/keys.ts';
import styles from './Keys.module.css';

/** A shortcut as keys. */
export function Keys({ shortcut }: { shortcut: Shortcut }) {
  return (
    <span className={styles['keys']}>
      {shortcutKeys(shortcut, onMac()).map(key => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
