import { Command } from 'cmdk';
import { Dialog } from 'radix-ui';
import { useRef } from 'react';
import type { MenuCommand, WorkbenchState } from '../../../../contract/index.ts';
import { COMMANDS, runCommand } from '../../model/commands.ts';
import { dynamicCommands } from '../../model/dynamic-commands.ts';
import { restoreFocus } from '../../model/focus.ts';
import { closeDialog, useView } from '../../model/view.ts';
import { Keys } from '../../ui/Keys.tsx';
import styles from './Palette.module.css';

type Run = (command: () => void) => void;

const HIDDEN: readonly MenuCommand[] = ['view.palette'];

/** Every action by name. */
export function Palette({ state }: { state: WorkbenchState }) {
  const open = useView(view => view.dialog === 'palette');
  const next = useRef<() => void>(undefined);
  // Runs once the palette is gone and the focus is back: the command may move it, or open a dialog of its own.
  const run = (command: () => void): void => {
    next.current = command;
    closeDialog();
  };
  return (
    <Dialog.Root open={open} onOpenChange={next => !next && closeDialog()}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles['scrim']} />
        <Dialog.Content
          className={styles['palette']}
          aria-describedby={undefined}
          onCloseAutoFocus={event => {
            event.preventDefault();
            restoreFocus();
            next.current?.();
            next.current = undefined;
          }}
        >
          <Dialog.Title className={styles['hidden']}>Run a command</Dialog.Title>
          <Command label="Run a command" loop>
            <Command.Input
              className={styles['input']}
              placeholder="Type a command, a project, an endpoint…"
            />
            <Command.List className={styles['list']}>
              <Command.Empty className={styles['empty']}>Nothing of that name</Command.Empty>
              <Fixed run={run} />
              <Dynamic state={state} run={run} />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Fixed({ run }: { run: Run }) {
  const ids = (Object.keys(COMMANDS) as MenuCommand[]).filter(
    id => !HIDDEN.includes(id) && COMMANDS[id].enabled?.() !== false,
  );
  return [...Map.groupBy(ids, id => COMMANDS[id].group)].map(([group, members]) => (
    <Command.Group key={group} heading={group} className={styles['group']}>
      {members.map(id => {
        const { title, keys } = COMMANDS[id];
        return (
          <Command.Item
            key={id}
            value={`${group} ${title}`}
            className={styles['item']}
            onSelect={() => run(() => runCommand(id))}
          >
            <span>{title}</span>
            {keys !== undefined && <Keys shortcut={keys} />}
          </Command.Item>
        );
      })}
    </Command.Group>
  ));
}

function Dynamic({ state, run }: { state: WorkbenchState; run: Run }) {
  const chosen = useView(view => view.chosenInstall);
  return dynamicCommands(state, chosen).map(({ group, commands }) => (
    <Command.Group key={group} heading={group} className={styles['group']}>
      {commands.map(command => (
        <Command.Item
          key={command.id}
          value={`${group} ${command.title} ${command.id}`}
          className={styles['item']}
          onSelect={() => run(command.run)}
        >
          <span>{command.title}</span>
          {command.hint !== undefined && <span className={styles['hint']}>{command.hint}</span>}
        </Command.Item>
      ))}
    </Command.Group>
  ));
}
