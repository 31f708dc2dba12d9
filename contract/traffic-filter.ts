import type { ExchangeSummary } from './models/traffic.ts';

type Test = (entry: ExchangeSummary) => boolean;

const TERM = /(-?)(?:(\w+):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|(\S+))/g;
const COMPARISON = /^(>=|<=|>|<|=)?(.*)$/s;

const FIELDS: ReadonlyMap<string, (wanted: string) => Test> = new Map([
  ['kind', wanted => entry => entry.kind === wanted],
  ['outcome', wanted => entry => entry.outcome === wanted],
  ['trace', wanted => entry => entry.traceId.toLowerCase() === wanted],
  ['request', wanted => entry => entry.requestId?.toLowerCase() === wanted],
  ['status', statusTest],
]);

/**
 * Reads the filter language. All terms must hold; upper and lower case are the same:
 *
 * - a word, or `"some words"`: occurs in what, detail, status, from, to or extension
 * - `kind:gateway`, `outcome:error`, `trace:<id>`, `request:<id>`: is exactly that
 * - `status:404`, `status:>=400`, `status:denied`: status is that, or compares so as a number
 * - a minus before any of them: does not hold
 *
 * A field still without a value holds for everything, so that typing it does not empty the list.
 */
export function parseTrafficFilter(filter: string): Test {
  const tests = [...filter.matchAll(TERM)].map(termTest);
  return entry => tests.every(test => test(entry));
}

function termTest([term, minus, field, quotedValue, value, quoted, word]: RegExpExecArray): Test {
  const operand = quotedValue ?? value ?? '';
  const asTyped = minus === '-' ? term.slice(1) : term;
  const test = field === undefined ? textTest(quoted ?? word ?? '') : fieldTest(field, operand, asTyped);
  if (!test) return () => true;
  return minus === '-' ? entry => !test(entry) : test;
}

/** Undefined while the value is missing; a colon after anything but a field is text, as in `http://x`. */
function fieldTest(field: string, value: string, asTyped: string): Test | undefined {
  const wanted = value.toLowerCase();
  const test = FIELDS.get(field.toLowerCase());
  if (!test) return textTest(asTyped);
  return /[^<>=]/.test(wanted) ? test(wanted) : undefined;
}

function statusTest(wanted: string): Test {
  const [, operator = '=', operand = ''] = COMPARISON.exec(wanted) ?? [];
  if (operator === '=') return entry => entry.status.toLowerCase() === operand;
  const limit = Number(operand);
  return ({ status }) => /^\d+$/.test(status) && compare(operator, Number(status), limit);
}

function compare(operator: string, status: number, limit: number): boolean {
  if (operator === '>=') return status >= limit;
  if (operator === '<=') return status <= limit;
  return operator === '>' ? status > limit : status < limit;
}

function textTest(text: string): Test {
  const wanted = text.toLowerCase();
  return ({ what, detail, status, from, to, extension = '' }) =>
    [what, detail, status, from, to, extension].some(part => part.toLowerCase().includes(wanted));
}
