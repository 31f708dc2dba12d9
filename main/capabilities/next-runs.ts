const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Leap days may be eight years apart. */
const HORIZON_DAYS = 366 * 8;

interface Timetable {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
}

/**
 * The next `count` moments (epoch milliseconds, after `after`) that a five-field cron expression means in a time zone that
 * `Intl` knows; fewer, or none, for an expression that never comes true or has a value out of its range. A local time that
 * a change of the clocks leaves out is left out.
 */
export function nextRuns(cron: string, timezone: string, after: number, count: number): number[] {
  const timetable = timetableOf(cron);
  const runs: number[] = [];
  if (!timetable) return runs;
  const zone = localClock(timezone);
  const firstDay = Math.floor(zone.toLocal(after) / DAY_MS) * DAY_MS;
  for (let day = 0; day < HORIZON_DAYS && runs.length < count; day += 1) {
    for (const local of momentsOn(timetable, firstDay + day * DAY_MS)) {
      const moment = zone.fromLocal(local);
      if (moment === undefined || moment <= after) continue;
      runs.push(moment);
      if (runs.length === count) break;
    }
  }
  return runs;
}

function timetableOf(cron: string): Timetable | undefined {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.split(' ');
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const days = valuesOf(day, 1, 31);
  const months = valuesOf(month, 1, 12);
  const weekdays = valuesOf(weekday, 0, 7)?.map(value => value % 7);
  return minutes && hours && days && months && weekdays && { minutes, hours, days, months, weekdays };
}

/** The values a field means, ascending; undefined when it cannot be read. */
function valuesOf(field: string, min: number, max: number): number[] | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', from, to, step = '1'] = /^(\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (range === '' || Number(step) < 1) return undefined;
    const first = from === undefined ? min : Number(from);
    const last = lastOf(part, from, to, max);
    if (first < min || last > max || first > last) return undefined;
    for (let value = first; value <= last; value += Number(step)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** A single value with a step runs on to the end, as `5/10` does for most cron programs. */
function lastOf(part: string, from: string | undefined, to: string | undefined, max: number): number {
  if (to !== undefined) return Number(to);
  return from === undefined || part.includes('/') ? max : Number(from);
}

function* momentsOn(timetable: Timetable, midnight: number): Generator<number> {
  const date = new Date(midnight);
  if (!timetable.months.includes(date.getUTCMonth() + 1)) return;
  if (!timetable.days.includes(date.getUTCDate())) return;
  if (!timetable.weekdays.includes(date.getUTCDay())) return;
  for (const hour of timetable.hours) {
    for (const minute of timetable.minutes) yield midnight + hour * HOUR_MS + minute * MINUTE_MS;
  }
}

/** Between moments and a zone's wall clock, the latter as if it were UTC. */
function localClock(timezone: string): {
  toLocal(moment: number): number;
  fromLocal(local: number): number | undefined;
} {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const toLocal = (moment: number): number => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
  };
  return {
    toLocal,
    fromLocal(local) {
      const guess = local - (toLocal(local) - local);
      const candidates = [guess, local - (toLocal(guess) - guess)];
      return candidates.find(moment => toLocal(moment) === local);
    },
  };
}
