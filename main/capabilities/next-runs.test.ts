import { expect, test } from 'vitest';
import { nextRuns } from './next-runs.ts';

const AFTER = '2026-03-28T12:34:56.789Z';

test.each([
  ['every quarter of an hour', '*/15 * * * *', 'UTC', ['2026-03-28T12:45', '2026-03-28T13:00']],
  ['a list and a range', '0,30 13-14 * * *', 'UTC', ['2026-03-28T13:00', '2026-03-28T13:30']],
  ['a value with a step', '50/5 * * * *', 'UTC', ['2026-03-28T12:50', '2026-03-28T12:55']],
  ['Sunday as 7', '0 0 * * 7', 'UTC', ['2026-03-29T00:00', '2026-04-05T00:00']],
  ['the end of a month', '0 0 31 * *', 'UTC', ['2026-03-31T00:00', '2026-05-31T00:00']],
  ['a leap day', '0 0 29 2 *', 'UTC', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ['a zone behind', '0 8 * * *', 'America/New_York', ['2026-03-29T12:00', '2026-03-30T12:00']],
  ['a time the clocks skip', '30 2 * * *', 'Europe/Berlin', ['2026-03-30T00:30', '2026-03-31T00:30']],
  ['both sides of the change', '0 1 * * *', 'Europe/Berlin', ['2026-03-29T00:00', '2026-03-29T23:00']],
  ['half an hour off', '0 0 * * *', 'Asia/Kolkata', ['2026-03-28T18:30', '2026-03-29T18:30']],
])('%s: %s in %s', (_, cron, timezone, expected) => {
  const runs = nextRuns(cron, timezone, Date.parse(AFTER), 2);
  expect(runs.map(run => new Date(run).toISOString().slice(0, 16))).toEqual(expected);
});

test.each([
  '60 * * * *',
  '0 24 * * *',
  '0 0 0 * *',
  '0 0 * 13 *',
  '0 0 30 2 *',
  '5-1 * * * *',
  '-, * * * *',
  '*/0 * * * *',
])('%s never runs', cron => {
  expect(nextRuns(cron, 'UTC', Date.parse(AFTER), 2)).toEqual([]);
});
