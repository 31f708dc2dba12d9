import { useEffect, useRef } from 'react';
import { Group, Panel as Pane, Separator, useDefaultLayout } from 'react-resizable-panels';
import type { WorkbenchState } from '../../contract/index.ts';
import { connectNarrowWindow, notePanelSize, panelRefs } from './model/panels.ts';
import { focusRegion } from './model/regions.ts';
import { Centre } from './parts/centre/Centre.tsx';
import { Inspector } from './parts/inspector/Inspector.tsx';
import { Panel } from './parts/panel/Panel.tsx';
import { Rail } from './parts/rail/Rail.tsx';
import { Sidebar } from './parts/sidebar/Sidebar.tsx';
import { Welcome } from './parts/welcome/Welcome.tsx';
import styles from './Shell.module.css';

/** The body of the window: rail, side bar, centre over bottom panel, inspector. Sizes are remembered. */
export function Shell({ state }: { state: WorkbenchState }) {
  const empty = state.projects.length === 0 && state.installs.length === 0;
  useFocusAfterWelcome(empty);
  return (
    <div className={styles['shell']}>
      {!empty && <Rail />}
      {empty ? <Welcome state={state} /> : <Panes state={state} />}
    </div>
  );
}

function Panes({ state }: { state: WorkbenchState }) {
  const across = useDefaultLayout({ id: 'xwb.columns', storage: localStorage });
  const down = useDefaultLayout({ id: 'xwb.rows', storage: localStorage });
  useEffect(connectNarrowWindow, []);
  return (
    <Group id="columns" orientation="horizontal" className={styles['group']} {...across}>
      <Pane
        id="sidebar"
        panelRef={panelRefs.sidebar}
        defaultSize={220}
        minSize={170}
        maxSize={420}
        collapsible
        groupResizeBehavior="preserve-pixel-size"
        onResize={size => notePanelSize('sidebar', size.inPixels)}
      >
        <Sidebar state={state} />
      </Pane>
      <Separator className={styles['vertical']} aria-label="Width of the side bar" />
      <Pane id="middle" minSize={360}>
        <Group id="rows" orientation="vertical" className={styles['group']} {...down}>
          <Pane id="centre" minSize={140}>
            <Centre state={state} />
          </Pane>
          <Separator className={styles['horizontal']} aria-label="Height of the bottom panel" />
          <Pane
            id="panel"
            panelRef={panelRefs.panel}
            defaultSize="36%"
            minSize={110}
            collapsible
            onResize={size => notePanelSize('panel', size.inPixels)}
          >
            <Panel state={state} />
          </Pane>
        </Group>
      </Pane>
      <Separator className={styles['vertical']} aria-label="Width of the inspector" />
      <Pane
        id="inspector"
        panelRef={panelRefs.inspector}
        defaultSize={324}
        minSize={240}
        maxSize={720}
        collapsible
        groupResizeBehavior="preserve-pixel-size"
        onResize={size => notePanelSize('inspector', size.inPixels)}
      >
        <Inspector />
      </Pane>
    </Group>
  );
}

/** The welcome page goes when there is a project, and the focus that was on it with it. */
function useFocusAfterWelcome(empty: boolean): void {
  const wasEmpty = useRef(empty);
  useEffect(() => {
    if (wasEmpty.current && !empty && document.activeElement === document.body) focusRegion('main');
    wasEmpty.current = empty;
  }, [empty]);
}
