import { create } from 'zustand';
import { parseTrafficFilter, type ExchangeSummary, type IpcEventPayload } from '../../../contract/index.ts';
import { TrafficLog, type TrafficRow } from '../lib/traffic-log.ts';
import { call } from './bridge.ts';
import { reportFailure } from './toasts.ts';

/** As many hops as main keeps. */
const CAPACITY = 10_000;
/** Shortest time between two drawings of the list: a lone click shows at once, a flood costs no more than this. */
const DRAW_MS = 50;

interface TrafficStore {
  /** What passes the filter, in order. */
  readonly rows: readonly TrafficRow[];
  readonly logRows: readonly TrafficRow[];
  readonly total: number;
  readonly paused: boolean;
  readonly filter: string;
}

const log = new TrafficLog(CAPACITY);

export const useTraffic = create<TrafficStore>()(() => ({
  rows: [],
  logRows: [],
  total: 0,
  paused: false,
  filter: '',
}));

let waiting: IpcEventPayload<'traffic'>[] = [];
let timer: number | undefined;
let drawnAt = -DRAW_MS;

/** Loads what was recorded before the window opened and follows what comes; the answer ends that. */
export function connectTraffic(): () => void {
  const stop = window.workbench.on('traffic', event => {
    waiting.push(event);
    // A timer, not a frame: frames stop while the window is hidden, and what waits would grow.
    timer ??= window.setTimeout(flush, Math.max(0, drawnAt + DRAW_MS - performance.now()));
  });
  call('traffic.list', { filter: '' }).then(({ entries, total, paused }) => {
    // Hops that arrived in the meantime are newer than the list.
    log.apply(entries.filter(hop => log.get(hop.id) === undefined));
    useTraffic.setState({ ...visible(useTraffic.getState().filter), total, paused });
  }, reportFailure);
  return () => {
    stop();
    window.clearTimeout(timer);
    timer = undefined;
    waiting = [];
  };
}

export function setTrafficFilter(filter: string): void {
  useTraffic.setState({ ...visible(filter), filter });
}

/** Rows of a whole trace, whatever the filter. */
export function traceRows(traceId: string): readonly TrafficRow[] {
  return log.trace(traceId);
}

export function hopById(id: number | undefined): ExchangeSummary | undefined {
  return id === undefined ? undefined : log.get(id);
}

function flush(): void {
  timer = undefined;
  drawnAt = performance.now();
  const events = waiting;
  waiting = [];
  const last = events.at(-1);
  if (!last) return;
  for (const event of events) {
    if (event.cleared) log.clear();
    log.apply(event.upserts);
  }
  useTraffic.setState({ ...visible(useTraffic.getState().filter), total: last.total, paused: last.paused });
}

function visible(filter: string): Pick<TrafficStore, 'rows' | 'logRows'> {
  return { rows: log.rows(parseTrafficFilter(filter)), logRows: log.rows(hop => hop.kind === 'log') };
}
