import { Box } from 'lucide-react';
import type { InstallView, WorkbenchState } from '../../../../contract/index.ts';
import { shortHash } from '../../lib/hash.ts';
import { selectProject } from '../../model/commands.ts';
import { copyText } from '../../model/toasts.ts';
import { useView } from '../../model/view.ts';
import { projectOf } from '../../model/workbench.ts';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { Section } from './Section.tsx';
import styles from './Sidebar.module.css';

/** Kept bundles shown below an install; the rest are counted. */
const SHOWN_BUNDLES = 5;

export function Installed({ state, focused }: { state: WorkbenchState; focused: InstallView | undefined }) {
  return (
    <Section title={`Installed for ${state.session.tenant.clientName}`}>
      {state.installs.length === 0 && <li className={styles['none']}>A build installs itself here</li>}
      {state.installs.map(install => (
        <InstallItem
          key={install.registryId}
          install={install}
          focused={install.registryId === focused?.registryId}
          onFocus={() => focusInstall(state, install.registryId)}
        />
      ))}
    </Section>
  );
}

/** An install of an open project selects that project; another is shown on its own. */
function focusInstall(state: WorkbenchState, registryId: string): void {
  const project = projectOf(state, registryId);
  if (project) selectProject(project.id);
  else useView.setState({ chosenInstall: registryId });
}

function InstallItem(props: { install: InstallView; focused: boolean; onFocus: () => void }) {
  const { install, focused } = props;
  return (
    <li>
      <div className={styles['entry']} data-current={false}>
        <button
          type="button"
          data-item
          className={styles['item']}
          aria-current={focused ? 'true' : undefined}
          title={`${install.publisher}.${install.name}\n${install.registryId}`}
          onClick={props.onFocus}
        >
          <span className={styles['glyph']}>
            <Box size={14} aria-hidden />
          </span>
          <span className={styles['label']}>{install.name}</span>
          <span className={styles['meta']}>{install.enabled ? install.version : 'disabled'}</span>
        </button>
      </div>
      {focused && <Bundles bundles={install.bundles} />}
    </li>
  );
}

function Bundles({ bundles }: { bundles: InstallView['bundles'] }) {
  const more = bundles.length - SHOWN_BUNDLES;
  return (
    <ul className={styles['nested']} aria-label="Kept bundles">
      {bundles.slice(0, SHOWN_BUNDLES).map(bundle => (
        <li key={bundle.contentHash} className={styles['entry']} data-current={false}>
          <button
            type="button"
            data-item
            className={styles['item']}
            title={`Copy ${bundle.contentHash}`}
            onClick={() => copyText(bundle.contentHash, 'Content hash')}
          >
            <code className={styles['label']}>{shortHash(bundle.contentHash)}</code>
            <span className={styles['meta']}>
              {bundle.current ? (
                <b className={styles['live']}>current</b>
              ) : (
                <RelativeTime at={bundle.createdAt} />
              )}
            </span>
          </button>
        </li>
      ))}
      {more > 0 && <li className={styles['none']}>and {more} older</li>}
    </ul>
  );
}
