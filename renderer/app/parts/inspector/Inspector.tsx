import { MousePointerClick } from 'lucide-react';
import { Tabs } from 'radix-ui';
import type { ExchangeSummary } from '../../../../contract/index.ts';
import { setPreference, usePreferences, type InspectorTab } from '../../model/preferences.ts';
import { hopById, traceRows, useTraffic } from '../../model/traffic.ts';
import { useView } from '../../model/view.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import tabs from '../../ui/Tabs.module.css';
import { HopHead } from './HopHead.tsx';
import { HopList } from './HopList.tsx';
import styles from './Inspector.module.css';
import { MessageView } from './MessageView.tsx';
import { useLoaded } from './useExchange.ts';

const TITLES: readonly (readonly [InspectorTab, string])[] = [
  ['request', 'Request'],
  ['response', 'Response'],
  ['host-calls', 'Host calls'],
  ['logs', 'Logs'],
];

/** Everything about the selected hop. */
export function Inspector() {
  const selected = useView(view => view.selectedHop);
  // The store changes whenever the log does; a hop is the same object until it changes.
  const hop = useTraffic(() => hopById(selected));
  return (
    <aside className={styles['inspector']} data-region="inspector" aria-label="Inspector">
      {hop ? (
        <Selected hop={hop} />
      ) : (
        <EmptyState
          icon={<MousePointerClick size={18} />}
          title={selected === undefined ? 'Select a hop' : 'No longer kept'}
        >
          {selected === undefined
            ? 'Headers, bodies, host calls and log lines of the hop you select in the traffic show here.'
            : 'The traffic was cleared, or newer hops took its place.'}
        </EmptyState>
      )}
    </aside>
  );
}

function Selected({ hop: selected }: { hop: ExchangeSummary }) {
  const tab = usePreferences(preferences => preferences.inspectorTab);
  // Head and body change together, once: a head without its notes would move everything below it twice.
  const { hop, exchange } = useLoaded(selected) ?? { hop: selected, exchange: undefined };
  const related = useTraffic(() => traceRows(hop.traceId));
  const hostCalls = related.filter(row => row.hop.kind === 'host-call');
  const logs = related.filter(row => row.hop.kind === 'log');
  const counts: Partial<Record<InspectorTab, number>> = { 'host-calls': hostCalls.length, logs: logs.length };
  return (
    <>
      <HopHead hop={hop} exchange={exchange} hops={related.length} />
      <Tabs.Root
        className={tabs['root']}
        value={tab}
        onValueChange={next => {
          const known = TITLES.find(([each]) => each === next);
          if (known) setPreference({ inspectorTab: known[0] });
        }}
      >
        <div className={tabs['bar']}>
          <Tabs.List className={tabs['list']} aria-label="Parts of the hop">
            {TITLES.map(([value, title]) => (
              <Tabs.Trigger
                key={value}
                value={value}
                className={tabs['tab']}
                {...(value === tab && { 'data-region-start': '' })}
              >
                {title}
                {counts[value] !== undefined && <span className={tabs['count']}>{counts[value]}</span>}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
        </div>
        <Tabs.Content value="request" className={tabs['content']} tabIndex={-1}>
          <MessageView message={exchange?.request} loaded={exchange !== undefined} label="Request" />
        </Tabs.Content>
        <Tabs.Content value="response" className={tabs['content']} tabIndex={-1}>
          <MessageView message={exchange?.response} loaded={exchange !== undefined} label="Response" />
        </Tabs.Content>
        <Tabs.Content value="host-calls" className={tabs['content']} tabIndex={-1}>
          <HopList rows={hostCalls} empty="The handler made no host call in this trace." />
        </Tabs.Content>
        <Tabs.Content value="logs" className={tabs['content']} tabIndex={-1}>
          <HopList rows={logs} empty="Nothing was logged in this trace." />
        </Tabs.Content>
      </Tabs.Root>
    </>
  );
}
