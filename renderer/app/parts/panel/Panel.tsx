import { CircleX, TriangleAlert } from 'lucide-react';
import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import type { ProjectView, WorkbenchState } from '../../../../contract/index.ts';
import { cx } from '../../lib/classes.ts';
import { showPanelTab } from '../../model/commands.ts';
import { PANEL_TABS, usePreferences, type PanelTab } from '../../model/preferences.ts';
import { useTraffic } from '../../model/traffic.ts';
import { selectedProject } from '../../model/workbench.ts';
import tabs from '../../ui/Tabs.module.css';
import { BuildView } from './BuildView.tsx';
import { Logs } from './Logs.tsx';
import { Problems } from './Problems.tsx';
import { Traffic } from './Traffic.tsx';
import { TrafficTools } from './TrafficTools.tsx';
import styles from './Panel.module.css';

const count = new Intl.NumberFormat('en');
const TITLES: Readonly<Record<PanelTab, string>> = {
  traffic: 'Traffic',
  problems: 'Problems',
  logs: 'Logs',
  build: 'Build',
};

/** The bottom of the window: what happened and what is wrong. */
export function Panel({ state }: { state: WorkbenchState }) {
  const tab = usePreferences(preferences => preferences.panelTab);
  const total = useTraffic(traffic => traffic.total);
  const logs = useTraffic(traffic => traffic.logRows.length);
  const project = selectedProject(state);
  const counts: Record<PanelTab, ReactNode> = {
    traffic: <Count of={total} />,
    problems: project && <ProblemCounts project={project} />,
    logs: logs > 0 && <Count of={logs} />,
    build: undefined,
  };
  return (
    <Tabs.Root
      className={tabs['root']}
      value={tab}
      onValueChange={next => {
        const known = PANEL_TABS.find(each => each === next);
        if (known) showPanelTab(known);
      }}
      data-region="panel"
    >
      <div className={tabs['bar']}>
        <Tabs.List className={tabs['list']} aria-label="Traffic, problems, logs and build">
          {PANEL_TABS.map(each => (
            <Tabs.Trigger key={each} value={each} className={tabs['tab']}>
              {TITLES[each]}
              {counts[each]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <div className={tabs['tools']}>{(tab === 'traffic' || tab === 'logs') && <TrafficTools />}</div>
      </div>
      <Tabs.Content value="traffic" className={tabs['content']} tabIndex={-1}>
        <Traffic />
      </Tabs.Content>
      <Tabs.Content value="problems" className={tabs['content']} tabIndex={-1}>
        <Problems project={project} />
      </Tabs.Content>
      <Tabs.Content value="logs" className={tabs['content']} tabIndex={-1}>
        <Logs />
      </Tabs.Content>
      <Tabs.Content value="build" className={tabs['content']} tabIndex={-1}>
        <BuildView project={project} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Count({ of }: { of: number }) {
  return <span className={tabs['count']}>{count.format(of)}</span>;
}

/** Errors and warnings apart, each with its sign. */
function ProblemCounts({ project: { errorCount, warningCount } }: { project: ProjectView }) {
  return (
    <>
      {errorCount > 0 && (
        <span className={cx(tabs['count'], styles['errors'])}>
          <CircleX size={11} aria-label="errors" /> {count.format(errorCount)}
        </span>
      )}
      {warningCount > 0 && (
        <span className={cx(tabs['count'], styles['warnings'])}>
          <TriangleAlert size={11} aria-label="warnings" /> {count.format(warningCount)}
        </span>
      )}
    </>
  );
}
