import { followGateway } from './events.ts';
import { Page } from './page.ts';
import type { ReportLine } from './reporter.ts';

const REPORT_URL = '/_xwb/bridge';
/** Long enough to gather a burst, short enough to look immediate; frames would not run in a hidden page. */
const REPORT_DELAY_MS = 16;

const line: ReportLine = {
  async post(json) {
    const response = await fetch(REPORT_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: json,
    });
    if (!response.ok) throw new Error(`The gateway answered ${response.status}.`);
  },
  beacon: json => navigator.sendBeacon(REPORT_URL, json),
  soon: flush => void setTimeout(flush, REPORT_DELAY_MS),
  lost: count => console.warn(`${count} bridge messages could not be reported to the gateway.`),
};

const page = new Page(line);
followGateway(
  state => page.show(state),
  online => page.setOnline(online),
);
