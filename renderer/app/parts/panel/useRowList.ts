import { useCallback, useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { TrafficRow } from '../../lib/traffic-log.ts';
import { focusRegion } from '../../model/regions.ts';
import { showPanel } from '../../model/panels.ts';
import { selectHop } from '../../model/view.ts';
import { useFixedRows, type FixedRows } from '../../ui/useFixedRows.ts';

/** Closer to the end than this counts as being there. */
const END_SLACK = 6;

/** The row at the top of the view, and how many pixels of it are above. */
interface Anchor {
  readonly id: number | undefined;
  readonly index: number;
  readonly rest: number;
}

export interface RowList extends Omit<FixedRows, 'scrollRef'> {
  /** Give to the element that scrolls. */
  readonly attach: (element: HTMLElement | null) => (() => void) | undefined;
  readonly onScroll: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/**
 * A scrolling list of hops that follows its end while it is there, and whose selection the arrow keys move.
 * `rowHeight` in pixels; `topInset` is the height of what sticks to the top of the list.
 */
export function useRowList(
  rows: readonly TrafficRow[],
  selected: number | undefined,
  metrics: { readonly rowHeight: number; readonly topInset: number },
): RowList {
  const { scrollRef, ...span } = useFixedRows(rows.length, metrics.rowHeight);
  const listRef = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const anchor = useRef<Anchor>({ id: undefined, index: 0, rest: 0 });

  const attach = useCallback(
    (element: HTMLElement | null) => {
      listRef.current = element;
      if (!element) return undefined;
      const observer = new ResizeObserver(() => {
        if (atEnd.current) element.scrollTop = element.scrollHeight;
      });
      observer.observe(element);
      const detach = scrollRef(element);
      return () => {
        observer.disconnect();
        detach?.();
        listRef.current = null;
      };
    },
    [scrollRef],
  );

  // Away from the end, the row at the top stays where it is when hops before it go or arrive late.
  useLayoutEffect(() => {
    const list = listRef.current;
    if (!list) return;
    if (atEnd.current) {
      list.scrollTop = list.scrollHeight;
      return;
    }
    const { id, index, rest } = anchor.current;
    if (rows[index]?.hop.id === id) return;
    const now = rows.findIndex(row => row.hop.id === id);
    if (now !== -1) list.scrollTop = now * metrics.rowHeight + rest;
  }, [rows, metrics.rowHeight]);

  const onScroll = (): void => {
    const list = listRef.current;
    if (!list) return;
    atEnd.current = list.scrollTop + list.clientHeight >= list.scrollHeight - END_SLACK;
    const index = Math.floor(list.scrollTop / metrics.rowHeight);
    anchor.current = { id: rows[index]?.hop.id, index, rest: list.scrollTop % metrics.rowHeight };
  };

  const reveal = (index: number): void => {
    const list = listRef.current;
    if (!list) return;
    const top = index * metrics.rowHeight;
    const bottom = top + metrics.rowHeight + metrics.topInset;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || rows.length === 0) return;
    const from = rows.findIndex(row => row.hop.id === selected);
    if (event.key === 'Enter' && from !== -1) {
      showPanel('inspector');
      requestAnimationFrame(() => focusRegion('inspector'));
      return;
    }
    const page = Math.max(1, Math.floor((listRef.current?.clientHeight ?? 0) / metrics.rowHeight) - 2);
    const to = target(event.key, rows, from, page);
    if (to === undefined) return;
    event.preventDefault();
    const index = Math.min(Math.max(to, 0), rows.length - 1);
    selectHop(rows[index]?.hop.id);
    reveal(index);
  };

  return { ...span, attach, onScroll, onKeyDown };
}

/** The index that a key leads to; `ArrowLeft` goes to the hop that caused this one. */
function target(key: string, rows: readonly TrafficRow[], from: number, page: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return from + 1;
    case 'ArrowUp':
      return from === -1 ? rows.length - 1 : from - 1;
    case 'PageDown':
      return from + page;
    case 'PageUp':
      return from - page;
    case 'Home':
      return 0;
    case 'End':
      return rows.length - 1;
    case 'ArrowLeft': {
      const parent = rows[from]?.hop.parentId;
      const index = parent === undefined ? -1 : rows.findIndex(row => row.hop.id === parent);
      return index === -1 ? undefined : index;
    }
    default:
      return undefined;
  }
}
