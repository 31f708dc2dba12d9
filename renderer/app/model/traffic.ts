import { create } from 'zustand';
import { parseTrafficFilter, type ExchangeSummary, type IpcEventPayload } from '../../../contract/index.ts';
import { TrafficLog, type TrafficRow } from '../lib/traffic-log.ts';
import { call } from './bridge.ts';
import { reportFailure } from './toasts.ts';

/** As many hops as main keeps. */
const CAPACITY = 10_000;

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
let frame: number | undefined;

/** Loads what was recorded before the window opened and follows what comes; the answer ends that. */
export function connectTraffic(): () => void {
  const stop = window.workbench.on('traffic', event => {
    waiting.push(event);
    frame ??= requestAnimationFrame(flush);
  });
  call('traffic.list', { filter: '' }).then(({ entries, total, paused }) => {
    // Hops that arrived in the meantime are newer than the list.
    log.apply(entries.filter(hop => log.get(hop.id) === undefined));
    useTraffic.setState({ ...visible(useTraffic.getState().filter), total, paused });
  }, reportFailure);
  return () => {
    stop();
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
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
  frame = undefined;
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
