import { FolderTree, Keyboard, PanelBottom, PanelRight, SunMoon, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../lib/classes.ts';
import { runCommand } from '../../model/commands.ts';
import { panelRefs, showPanel, togglePanel, useFolded } from '../../model/panels.ts';
import { setPreference, usePreferences, type PanelName, type SidebarView } from '../../model/preferences.ts';
import { ThemeMenu } from './ThemeMenu.tsx';
import styles from './Rail.module.css';

export function Rail() {
  return (
    <nav className={styles['rail']} aria-label="Side bar and panels">
      <ViewButton view="explorer" label="Projects and installed extensions" icon={<FolderTree size={18} />} />
      <ViewButton view="session" label="Session: tenant and users" icon={<Users size={18} />} />
      <span className={styles['gap']} />
      <FoldButton name="panel" label="Bottom panel" keys="Ctrl+J" icon={<PanelBottom size={18} />} />
      <FoldButton name="inspector" label="Inspector" keys="Ctrl+I" icon={<PanelRight size={18} />} />
      <ThemeMenu className={styles['button']} icon={<SunMoon size={18} />} />
      <button
        type="button"
        className={styles['button']}
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (Ctrl+/)"
        onClick={() => runCommand('view.shortcuts')}
      >
        <Keyboard size={18} />
      </button>
    </nav>
  );
}

function ViewButton({ view, label, icon }: { view: SidebarView; label: string; icon: ReactNode }) {
  const current = usePreferences(preferences => preferences.sidebarView);
  const folded = useFolded(state => state.sidebar);
  const shown = current === view && !folded;
  return (
    <button
      type="button"
      className={cx(styles['button'], styles['view'])}
      aria-label={label}
      aria-pressed={shown}
      title={label}
      onClick={() => {
        if (shown) {
          panelRefs.sidebar.current?.collapse();
          return;
        }
        setPreference({ sidebarView: view });
        showPanel('sidebar');
      }}
    >
      {icon}
    </button>
  );
}

function FoldButton(props: { name: PanelName; label: string; keys: string; icon: ReactNode }) {
  const folded = useFolded(state => state[props.name]);
  return (
    <button
      type="button"
      className={cx(styles['button'], styles['fold'])}
      aria-label={props.label}
      aria-pressed={!folded}
      title={`${folded ? 'Unfold' : 'Fold'} the ${props.label.toLowerCase()} (${props.keys})`}
      onClick={() => togglePanel(props.name)}
    >
      {props.icon}
    </button>
  );
}
