import { X } from 'lucide-react';
import { memo } from 'react';
import type { ExchangeSummary } from '../../../../contract/index.ts';
import { cx } from '../../lib/classes.ts';
import { KIND_TITLES, kindColor, toneOf } from '../../lib/kinds.ts';
import { clockFraction, clockTime, duration, exactTime } from '../../lib/time.ts';
import type { TrafficRow } from '../../lib/traffic-log.ts';
import { selectHop } from '../../model/view.ts';
import { KindIcon } from '../../ui/KindIcon.tsx';
import styles from './Traffic.module.css';

interface TrafficLineProps {
  readonly row: TrafficRow;
  /** Its place in the whole grid, from 1, the head included. */
  readonly index: number;
  readonly selected: boolean;
}

export const TrafficLine = memo(function TrafficLine({ row, index, selected }: TrafficLineProps) {
  const { hop, first, odd } = row;
  return (
    <div
      id={`hop-${hop.id}`}
      role="row"
      aria-rowindex={index}
      aria-selected={selected}
      data-kind={hop.kind}
      data-trace={hop.traceId}
      data-hop={hop.id}
      className={cx(
        styles['row'],
        odd && styles['odd'],
        first && styles['first'],
        selected && styles['selected'],
      )}
      onClick={() => selectHop(hop.id)}
    >
      <span role="gridcell" className={styles['time']} title={exactTime(hop.startedAt)}>
        {first ? clockTime(hop.startedAt) : clockFraction(hop.startedAt)}
      </span>
      <span
        role="gridcell"
        className={styles['way']}
        title={KIND_TITLES[hop.kind]}
        style={{ paddingLeft: hop.depth * 8 }}
      >
        <KindIcon kind={hop.kind} />
        <span className={styles['ellipsis']}>
          {hop.from} → {hop.to}
        </span>
      </span>
      <span role="gridcell" className={styles['ellipsis']} title={`${hop.what} ${hop.detail}`}>
        {hop.kind !== 'log' && <span className={styles['what']}>{hop.what}</span>}
        <span className={styles['detail']}>{hop.detail}</span>
      </span>
      <Status hop={hop} />
      <span role="gridcell" className={styles['took']}>
        {took(hop)}
      </span>
      <span role="gridcell" className={styles['fall']}>
        <Bar row={row} />
      </span>
    </div>
  );
});

function Status({ hop }: { hop: ExchangeSummary }) {
  const tone = toneOf(hop);
  return (
    <span role="gridcell" className={cx(styles['status'], styles[tone])} title={hop.status}>
      {tone === 'bad' && <X size={12} aria-label="error" />}
      {hop.outcome === 'pending' ? '…' : hop.kind === 'log' ? (hop.level ?? '') : hop.status}
    </span>
  );
}

function took(hop: ExchangeSummary): string {
  if (hop.kind === 'log') return '';
  return hop.durationMs === undefined ? '…' : duration(hop.durationMs);
}

/** When in its trace, and how long. */
function Bar({ row: { hop, traceStart, traceEnd } }: { row: TrafficRow }) {
  const whole = Math.max(traceEnd - traceStart, 0.001);
  const left = ((hop.startedAt - traceStart) / whole) * 100;
  const width = ((hop.durationMs ?? traceEnd - hop.startedAt) / whole) * 100;
  return (
    <span
      className={cx(styles['bar'], hop.outcome === 'pending' && styles['pending'])}
      style={{
        left: `min(${left.toFixed(2)}%, calc(100% - 3px))`,
        width: `${Math.min(width, 100 - left).toFixed(2)}%`,
        background: toneOf(hop) === 'bad' ? 'var(--bad)' : kindColor(hop.kind),
      }}
    />
  );
}
