import { Blocks, Hammer, Search, Square, Sun, UserRound, ShieldCheck } from 'lucide-react';
import type { PreviewTheme, WorkbenchState } from '../../../../contract/index.ts';
import { shortHash } from '../../lib/hash.ts';
import { onMac, shortcutKeys } from '../../lib/keys.ts';
import { COMMANDS, runCommand } from '../../model/commands.ts';
import { setPreference, usePreferences } from '../../model/preferences.ts';
import { useTheme } from '../../model/theme.ts';
import { act, copyText } from '../../model/toasts.ts';
import { selectedProject } from '../../model/workbench.ts';
import { Button } from '../../ui/Button.tsx';
import { ChoiceMenu, type Choice } from '../../ui/ChoiceMenu.tsx';
import { Keys } from '../../ui/Keys.tsx';
import { useLasting } from '../../ui/useLasting.ts';
import { BuildPill } from './BuildPill.tsx';
import styles from './TitleBar.module.css';

export function TitleBar({ state }: { state: WorkbenchState }) {
  const project = selectedProject(state);
  return (
    <header className={styles['bar']} data-region="toolbar" aria-label="Toolbar">
      <div className={styles['left']}>
        {project ? (
          <>
            <h1 className={styles['name']} title={project.folder}>
              {project.name}
            </h1>
            <Version version={project.version} liveHash={project.build.live?.hash} />
            <BuildPill project={project} />
          </>
        ) : (
          <h1 className={styles['name']}>
            <Blocks size={16} aria-hidden /> Extension Workbench
          </h1>
        )}
      </div>
      <div className={styles['right']}>
        <UserMenu state={state} />
        <PreviewThemeMenu current={state.previewTheme} />
        <PostureMenu current={state.posture} />
        <button
          type="button"
          className={styles['search']}
          onClick={() => runCommand('view.palette')}
          aria-keyshortcuts="Control+K"
        >
          <Search size={14} aria-hidden />
          <span>Run a command</span>
          <Keys shortcut="Mod+K" />
        </button>
        <BuildButton building={project?.build.status === 'building'} disabled={!project} />
      </div>
    </header>
  );
}

function Version({ version, liveHash }: { version: string | undefined; liveHash: string | undefined }) {
  if (liveHash === undefined) {
    return version === undefined ? null : <span className={styles['version']}>{version}</span>;
  }
  return (
    <button
      type="button"
      className={styles['version']}
      title={`Copy the content hash\n${liveHash}`}
      onClick={() => copyText(liveHash, 'Content hash')}
    >
      {version} · {shortHash(liveHash)}
    </button>
  );
}

/** Long enough that a click meant for Build never cancels a build that a save has just begun. Milliseconds. */
const CANCEL_AFTER = 400;

function BuildButton({ building, disabled }: { building: boolean; disabled: boolean }) {
  const cancellable = useLasting(building, CANCEL_AFTER);
  const id = cancellable ? 'project.cancel-build' : 'project.build';
  const keys = COMMANDS[id].keys ?? '';
  return (
    <Button
      variant={cancellable ? 'outline' : 'primary'}
      className={styles['build']}
      icon={cancellable ? <Square size={13} aria-hidden /> : <Hammer size={14} aria-hidden />}
      disabled={disabled}
      title={`${COMMANDS[id].title} (${shortcutKeys(keys, onMac()).join('+')})`}
      onClick={() => runCommand(id)}
    >
      {cancellable ? 'Cancel' : 'Build'}
    </Button>
  );
}

const SIGNED_OUT = 'signed-out';

function UserMenu({ state }: { state: WorkbenchState }) {
  const { users, currentUserId } = state.session;
  const choices: Choice<string>[] = [
    ...users.map(user => ({ value: user.userId, label: user.name, hint: user.userType })),
    { value: SIGNED_OUT, label: 'Signed out', hint: 'no session' },
  ];
  return (
    <ChoiceMenu
      label="Act as"
      icon={<UserRound size={14} aria-hidden />}
      choices={choices}
      value={currentUserId ?? SIGNED_OUT}
      onChoose={userId => act('session.set-user', userId === SIGNED_OUT ? {} : { userId })}
    />
  );
}

const THEMES: readonly Choice<PreviewTheme>[] = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'high-contrast', label: 'High contrast' },
];

function PreviewThemeMenu({ current }: { current: PreviewTheme }) {
  const follows = usePreferences(preferences => preferences.previewFollowsWindow);
  const theme = useTheme();
  const label = THEMES.find(choice => choice.value === (follows ? theme : current))?.label ?? '';
  return (
    <ChoiceMenu
      label="Preview theme"
      icon={<Sun size={14} aria-hidden />}
      choices={[{ value: 'window', label: 'As the window' }, ...THEMES]}
      value={follows ? 'window' : current}
      shown={`${label} preview`}
      onChoose={chosen => {
        setPreference({ previewFollowsWindow: chosen === 'window' });
        if (chosen !== 'window') act('preview.set-theme', { theme: chosen });
      }}
    />
  );
}

function PostureMenu({ current }: { current: WorkbenchState['posture'] }) {
  return (
    <ChoiceMenu
      label="Posture"
      icon={<ShieldCheck size={14} aria-hidden />}
      choices={[
        { value: 'faithful', label: 'Faithful', hint: 'as production, quirks included' },
        { value: 'strict', label: 'Strict', hint: 'says what will hurt' },
      ]}
      value={current}
      onChoose={posture => act('workbench.set-posture', { posture })}
    />
  );
}
