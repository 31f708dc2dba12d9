import type { WorkbenchState } from '../../../../contract/index.ts';
import { usePreferences } from '../../model/preferences.ts';
import { useView } from '../../model/view.ts';
import { focusedInstall } from '../../model/workbench.ts';
import { Endpoints } from './Endpoints.tsx';
import { Installed } from './Installed.tsx';
import { Projects } from './Projects.tsx';
import { Session } from './Session.tsx';
import styles from './Sidebar.module.css';

export function Sidebar({ state }: { state: WorkbenchState }) {
  const view = usePreferences(preferences => preferences.sidebarView);
  const chosen = useView(each => each.chosenInstall);
  const install = focusedInstall(state, chosen);
  return (
    <aside className={styles['sidebar']} data-region="sidebar" aria-label="Side bar">
      {view === 'session' ? (
        <Session session={state.session} />
      ) : (
        <>
          <Projects state={state} />
          <Installed state={state} focused={install} />
          {install && <Endpoints install={install} />}
        </>
      )}
    </aside>
  );
}
