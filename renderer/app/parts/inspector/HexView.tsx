import { useCallback, useState } from 'react';
import { hexRow } from '../../lib/bytes.ts';
import { useFixedRows } from '../../ui/useFixedRows.ts';
import styles from './Body.module.css';

const ROW = 18;
/** Pixels that sixteen bytes with their offset and text take. */
const WIDE = 548;

/** Bytes with offsets, sixteen a row, or eight where there is no room. */
export function HexView({ bytes }: { bytes: Uint8Array }) {
  const [wide, setWide] = useState(false);
  const perRow = wide ? 16 : 8;
  const { scrollRef, first, end, height } = useFixedRows(Math.ceil(bytes.length / perRow), ROW);
  const attach = useCallback(
    (element: HTMLDivElement | null) => {
      if (!element) return undefined;
      const observer = new ResizeObserver(() => setWide(element.clientWidth >= WIDE));
      observer.observe(element);
      const detach = scrollRef(element);
      return () => {
        observer.disconnect();
        detach?.();
      };
    },
    [scrollRef],
  );
  return (
    <div ref={attach} className={styles['hex']} tabIndex={0} role="region" aria-label="Bytes">
      <div style={{ height, position: 'relative' }}>
        <pre style={{ transform: `translateY(${first * ROW}px)` }}>
          {Array.from({ length: end - first }, (_, index) => {
            const row = hexRow(bytes, first + index, perRow);
            return (
              <div key={row.offset} className={styles['hexRow']}>
                <span className={styles['offset']}>{row.offset}</span>
                <span>{row.hex}</span>
                <span className={styles['ascii']}>{row.text}</span>
              </div>
            );
          })}
        </pre>
      </div>
    </div>
  );
}
