import { Tabs } from 'radix-ui';
import type { WorkbenchState } from '../../../../contract/index.ts';
import { showCentre } from '../../model/commands.ts';
import { CENTRE_TABS, usePreferences } from '../../model/preferences.ts';
import { useView } from '../../model/view.ts';
import { focusedInstall, projectOf, selectedProject } from '../../model/workbench.ts';
import tabs from '../../ui/Tabs.module.css';
import { Manifest } from './Manifest.tsx';
import { Preview } from './Preview.tsx';
import { PreviewTools } from './PreviewTools.tsx';
import { Request } from './Request.tsx';
import { State } from './State.tsx';

const TITLES = { preview: 'Preview', manifest: 'Manifest', state: 'State', request: 'Request' } as const;

/** The middle of the window. The preview stays loaded behind the other tabs. */
export function Centre({ state }: { state: WorkbenchState }) {
  const tab = usePreferences(preferences => preferences.centreTab);
  const chosen = useView(view => view.chosenInstall);
  const install = focusedInstall(state, chosen);
  const project = chosen === undefined ? selectedProject(state) : projectOf(state, chosen);
  return (
    <Tabs.Root
      className={tabs['root']}
      value={tab}
      onValueChange={next => {
        const known = CENTRE_TABS.find(each => each === next);
        if (known) showCentre(known);
      }}
      data-region="main"
    >
      <div className={tabs['bar']}>
        <Tabs.List className={tabs['list']} aria-label="Views of the extension">
          {CENTRE_TABS.map(each => (
            <Tabs.Trigger
              key={each}
              value={each}
              className={tabs['tab']}
              {...(each === tab && { 'data-region-start': '' })}
            >
              {TITLES[each]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <div className={tabs['tools']}>
          {tab === 'preview' && install && <PreviewTools install={install} />}
        </div>
      </div>
      <Tabs.Content value="preview" className={tabs['content']} forceMount tabIndex={-1}>
        <Preview project={project} install={install} />
      </Tabs.Content>
      <Tabs.Content value="manifest" className={tabs['content']} tabIndex={-1}>
        <Manifest project={project} install={install} />
      </Tabs.Content>
      <Tabs.Content value="state" className={tabs['content']} tabIndex={-1}>
        <State install={install} key={install?.registryId} />
      </Tabs.Content>
      <Tabs.Content value="request" className={tabs['content']} tabIndex={-1}>
        <Request install={install} />
      </Tabs.Content>
    </Tabs.Root>
  );
}
