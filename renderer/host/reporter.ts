import type { BridgeBatch, BridgeEvent } from '../../contract/index.ts';

/** How reports leave the page. */
export interface ReportLine {
  /** Posts a report; rejects when it did not arrive. */
  post(json: string): Promise<void>;
  /** Hands over a small report while the page goes away; false when the browser did not take it. */
  beacon(json: string): boolean;
  /** Calls back once, soon; a report is sent for all that came until then. */
  soon(flush: () => void): void;
  /** Tells that reports were lost. */
  lost(count: number): void;
}

const MAX_EVENTS = 500;
/** Characters of body that one report carries; the gateway takes 16 MiB. */
const MAX_REPORT = 8 * 1024 * 1024;
/** Browsers take 64 KiB of beacons. */
const MAX_BEACON = 60_000;

/** Collects what the bridge saw and reports it in batches. */
export class Reporter {
  readonly #line: ReportLine;
  readonly #about: Omit<BridgeBatch, 'events'>;
  #waiting: BridgeEvent[] = [];

  constructor(line: ReportLine, about: Omit<BridgeBatch, 'events'>) {
    this.#line = line;
    this.#about = about;
  }

  add(event: BridgeEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length === 1) this.#line.soon(() => this.#flush());
  }

  /** Reports what waits while the page goes away, without bodies where they would not fit. */
  leave(): void {
    const events = this.#waiting;
    this.#waiting = [];
    if (events.length === 0) return;
    const whole = this.#batch(events);
    const json = whole.length <= MAX_BEACON ? whole : this.#batch(events.map(withoutBodies));
    if (!this.#line.beacon(json)) this.#line.lost(events.length);
  }

  #flush(): void {
    const events = this.#waiting;
    this.#waiting = [];
    for (const part of parts(events))
      this.#line.post(this.#batch(part)).catch(() => this.#line.lost(part.length));
  }

  #batch(events: readonly BridgeEvent[]): string {
    return JSON.stringify({ ...this.#about, events });
  }
}

/** Splits events so that no report is too long or has too many. */
function parts(events: readonly BridgeEvent[]): BridgeEvent[][] {
  const result: BridgeEvent[][] = [];
  let size = Infinity;
  for (const event of events) {
    const weight = (event.request?.base64.length ?? 0) + (event.response?.base64.length ?? 0);
    const last = result.at(-1);
    if (last === undefined || last.length >= MAX_EVENTS || size + weight > MAX_REPORT) {
      result.push([event]);
      size = weight;
    } else {
      last.push(event);
      size += weight;
    }
  }
  return result;
}

function withoutBodies(event: BridgeEvent): BridgeEvent {
  const light = { ...event };
  delete light.request;
  delete light.response;
  return light;
}
