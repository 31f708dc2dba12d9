import type { ExchangeSummary, HopKind } from '../../../contract/index.ts';

/** What each kind of hop is called. */
export const KIND_TITLES: Readonly<Record<HopKind, string>> = {
  message: 'Bridge message',
  gateway: 'Gateway call',
  handler: 'Handler run',
  'host-call': 'Host call',
  log: 'Log line',
};

/** The colour of a kind, as a CSS value. */
export function kindColor(kind: HopKind): string {
  return `var(--kind-${kind})`;
}

export type Tone = 'good' | 'bad' | 'plain';

/** How a hop went: an error, a good answer, or not known yet. */
export function toneOf(hop: Pick<ExchangeSummary, 'outcome' | 'level' | 'kind'>): Tone {
  if (hop.outcome === 'error' || hop.level === 'error') return 'bad';
  return hop.outcome === 'pending' || hop.kind === 'log' ? 'plain' : 'good';
}
