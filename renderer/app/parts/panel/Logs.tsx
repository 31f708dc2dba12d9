import { CircleX, Info, ScrollText, SquareTerminal, TriangleAlert } from 'lucide-react';
import { memo, useMemo, type ReactNode } from 'react';
import type { LogLevel } from '../../../../contract/index.ts';
import { cx } from '../../lib/classes.ts';
import { clockTime, exactTime } from '../../lib/time.ts';
import { parseTrafficFilter } from '../../../../contract/index.ts';
import type { TrafficRow } from '../../lib/traffic-log.ts';
import { useTraffic } from '../../model/traffic.ts';
import { selectHop, useView } from '../../model/view.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import styles from './Logs.module.css';
import { useRowList } from './useRowList.ts';

const ROW = 24;

/** What handlers logged and printed. */
export function Logs() {
  const all = useTraffic(traffic => traffic.logRows);
  const filter = useTraffic(traffic => traffic.filter);
  const selected = useView(view => view.selectedHop);
  const rows = useMemo(() => {
    const passes = parseTrafficFilter(filter);
    return all.filter(row => passes(row.hop));
  }, [all, filter]);
  const { attach, first, end, height, onScroll, onKeyDown } = useRowList(rows, selected, {
    rowHeight: ROW,
    topInset: 0,
  });

  if (rows.length === 0) {
    return (
      <EmptyState
        icon={<ScrollText size={18} />}
        title={filter === '' ? 'No log lines yet' : 'No log line passes the filter'}
      >
        What the handler writes with the SDK&rsquo;s logger, or to standard output and error, comes here with
        its level.
      </EmptyState>
    );
  }
  return (
    <div
      ref={attach}
      className={styles['list']}
      role="listbox"
      aria-label="Log lines"
      aria-activedescendant={selected === undefined ? undefined : `log-${selected}`}
      tabIndex={0}
      data-region-start
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div style={{ height, position: 'relative' }} role="presentation">
        <div style={{ transform: `translateY(${first * ROW}px)` }} role="presentation">
          {rows.slice(first, end).map(row => (
            <LogLine key={row.hop.id} row={row} selected={row.hop.id === selected} />
          ))}
        </div>
      </div>
    </div>
  );
}

const LogLine = memo(function LogLine({ row: { hop }, selected }: { row: TrafficRow; selected: boolean }) {
  const level = hop.level ?? 'info';
  return (
    <div
      id={`log-${hop.id}`}
      role="option"
      aria-selected={selected}
      className={cx(styles['row'], styles[level], selected && styles['selected'])}
      onClick={() => selectHop(hop.id)}
    >
      <span className={styles['time']} title={exactTime(hop.startedAt)}>
        {clockTime(hop.startedAt)}
      </span>
      <span className={styles['level']}>
        {levelIcon(level)} {level}
      </span>
      <span className={styles['source']}>{hop.extension ?? hop.from}</span>
      <span className={styles['message']} title={hop.detail}>
        {hop.detail}
      </span>
    </div>
  );
});

function levelIcon(level: LogLevel): ReactNode {
  switch (level) {
    case 'error':
      return <CircleX size={12} aria-hidden />;
    case 'warn':
      return <TriangleAlert size={12} aria-hidden />;
    case 'info':
      return <Info size={12} aria-hidden />;
    case 'stdout':
    case 'stderr':
      return <SquareTerminal size={12} aria-hidden />;
  }
}
