import { Activity, ListFilter } from 'lucide-react';
import { setTrafficFilter, useTraffic } from '../../model/traffic.ts';
import { useView } from '../../model/view.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { TrafficLine } from './TrafficLine.tsx';
import styles from './Traffic.module.css';
import { useRowList } from './useRowList.ts';

const ROW = 28;
const HEAD = 24;

/** Every hop of every click, oldest first, each click's hops together. */
export function Traffic() {
  const rows = useTraffic(traffic => traffic.rows);
  const filter = useTraffic(traffic => traffic.filter);
  const selected = useView(view => view.selectedHop);
  const { attach, first, end, height, onScroll, onKeyDown } = useRowList(rows, selected, {
    rowHeight: ROW,
    topInset: HEAD,
  });

  if (rows.length === 0) return <NoTraffic filtered={filter !== ''} />;
  return (
    <div
      ref={attach}
      className={styles['list']}
      role="grid"
      aria-label="Traffic"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={selected === undefined ? undefined : `hop-${selected}`}
      tabIndex={0}
      data-region-start
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div className={styles['head']} role="row" aria-rowindex={1}>
        <span role="columnheader" className={styles['right']}>
          Time
        </span>
        <span role="columnheader">From → to</span>
        <span role="columnheader">What</span>
        <span role="columnheader">Status</span>
        <span role="columnheader" className={styles['right']}>
          Took
        </span>
        <span role="columnheader">Within its trace</span>
      </div>
      <div style={{ height, position: 'relative' }} role="presentation">
        <div style={{ transform: `translateY(${first * ROW}px)` }} role="presentation">
          {rows.slice(first, end).map((row, index) => (
            <TrafficLine
              key={row.hop.id}
              row={row}
              index={first + index + 2}
              selected={row.hop.id === selected}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function NoTraffic({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState
        icon={<ListFilter size={18} />}
        title="Nothing passes the filter"
        actions={<Button onClick={() => setTrafficFilter('')}>Clear the filter</Button>}
      >
        Words must all occur, <code>-word</code> must not; also <code>kind:handler</code>,{' '}
        <code>status:&gt;=400</code>, <code>outcome:error</code>.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<Activity size={18} />} title="Click something in the preview">
      Its way shows here: the iframe&rsquo;s message, the gateway call, the handler&rsquo;s run, each host
      call and log line, as one trace with times and bodies.
    </EmptyState>
  );
}
