import { COMMANDS, type Command } from '../../model/commands.ts';
import { restoreFocus } from '../../model/focus.ts';
import { closeDialog, useView } from '../../model/view.ts';
import { Keys } from '../../ui/Keys.tsx';
import { Modal } from '../../ui/Modal.tsx';
import styles from './Shortcuts.module.css';

const ELSEWHERE: readonly (readonly [title: string, keys: string])[] = [
  ['Go to the previous part of the window', 'Shift+F6'],
  ['Send the composed request', 'Mod+Enter'],
  ['Move in a list', 'ArrowUp'],
  ['Go to the hop that caused this one', 'ArrowLeft'],
  ['Inspect the selected hop', 'Enter'],
];

export function Shortcuts() {
  const open = useView(view => view.dialog === 'shortcuts');
  const groups = Map.groupBy(Object.values(COMMANDS).filter(hasKeys), command => command.group);
  return (
    <Modal
      open={open}
      title="Keyboard shortcuts"
      description="They work from anywhere in the window, the preview included."
      width={680}
      onClose={closeDialog}
      onClosed={restoreFocus}
    >
      <div className={styles['columns']}>
        {[...groups].map(([group, commands]) => (
          <List key={group} title={group} entries={commands.map(({ title, keys }) => [title, keys])} />
        ))}
        <List title="In lists and forms" entries={ELSEWHERE} />
      </div>
    </Modal>
  );
}

function List(props: { title: string; entries: readonly (readonly [title: string, keys: string])[] }) {
  return (
    <section className={styles['group']}>
      <h3>{props.title}</h3>
      <dl>
        {props.entries.map(([title, keys]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <Keys shortcut={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function hasKeys(command: Command): command is Command & { readonly keys: string } {
  return command.keys !== undefined;
}
