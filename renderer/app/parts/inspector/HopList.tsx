import { cx } from '../../lib/classes.ts';
import { toneOf } from '../../lib/kinds.ts';
import { duration } from '../../lib/time.ts';
import type { TrafficRow } from '../../lib/traffic-log.ts';
import { selectHop, useView } from '../../model/view.ts';
import { KindIcon } from '../../ui/KindIcon.tsx';
import { rovingKeys } from '../../ui/roving.ts';
import styles from './Inspector.module.css';

/** Hops of one kind in the selected trace; choosing one selects it. */
export function HopList({ rows, empty }: { rows: readonly TrafficRow[]; empty: string }) {
  const selected = useView(view => view.selectedHop);
  if (rows.length === 0) return <p className={styles['none']}>{empty}</p>;
  return (
    <ul className={styles['hops']} onKeyDown={rovingKeys}>
      {rows.map(({ hop, traceStart }) => (
        <li key={hop.id}>
          <button
            type="button"
            data-item
            className={styles['hop']}
            aria-current={hop.id === selected ? 'true' : undefined}
            onClick={() => selectHop(hop.id)}
          >
            <KindIcon kind={hop.kind} />
            <span className={styles['hopWhat']}>
              {hop.kind === 'log' ? '' : <code>{hop.what}</code>} {hop.detail}
            </span>
            <span className={cx(styles['hopStatus'], styles[toneOf(hop)])}>
              {hop.kind === 'log' ? hop.level : hop.status}
            </span>
            <span className={styles['hopTook']}>
              {hop.kind === 'log'
                ? `+${duration(hop.startedAt - traceStart)}`
                : duration(hop.durationMs ?? 0)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
