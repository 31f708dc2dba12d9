import { useCallback, useState } from 'react';

export interface FixedRows {
  /** Give to the element that scrolls. */
  readonly scrollRef: (element: HTMLElement | null) => (() => void) | undefined;
  /** First row to render, and one past the last. */
  readonly first: number;
  readonly end: number;
  /** Height of all rows in pixels. */
  readonly height: number;
}

interface Span {
  readonly first: number;
  readonly end: number;
}

const OVERSCAN = 12;

/**
 * Which of `count` rows of one height a scrolling element shows. Renders again only when rows come into reach,
 * not with every pixel; rows of one height need no measuring.
 */
export function useFixedRows(count: number, rowHeight: number): FixedRows {
  const [span, setSpan] = useState<Span>({ first: 0, end: OVERSCAN * 4 });
  const scrollRef = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined;
      const measure = (): void => {
        const top = Math.floor(element.scrollTop / rowHeight);
        const shown = Math.ceil(element.clientHeight / rowHeight);
        // In steps of the overscan, so that most scrolling changes nothing.
        const first = Math.max(0, Math.floor(top / OVERSCAN) * OVERSCAN - OVERSCAN);
        const end = Math.ceil((top + shown) / OVERSCAN) * OVERSCAN + OVERSCAN;
        setSpan(old => (old.first === first && old.end === end ? old : { first, end }));
      };
      const observer = new ResizeObserver(measure);
      observer.observe(element);
      element.addEventListener('scroll', measure, { passive: true });
      measure();
      return () => {
        observer.disconnect();
        element.removeEventListener('scroll', measure);
      };
    },
    [rowHeight],
  );
  const end = Math.min(span.end, count);
  return { scrollRef, first: Math.min(span.first, end), end, height: count * rowHeight };
}
