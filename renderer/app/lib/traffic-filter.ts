import type { ExchangeSummary } from '../../../contract/index.ts';

export type TrafficFilter = (hop: ExchangeSummary) => boolean;

/** The searchable text of a hop; hops are never changed, only replaced. */
const haystacks = new WeakMap<ExchangeSummary, string>();

/**
 * Reads a filter: words that must all occur (in what, detail, status, from, to and extension, in any case),
 * `-word` that must not, and the fields `kind:`, `status:` (`404`, `4`, `>=400`), `outcome:` and `trace:`.
 * An empty filter is undefined: everything passes.
 */
export function parseTrafficFilter(text: string): TrafficFilter | undefined {
  const tests = text
    .toLowerCase()
    .split(/\s+/)
    .filter(term => term !== '' && term !== '-')
    .map(parseTerm);
  return tests.length === 0 ? undefined : hop => tests.every(test => test(hop));
}

function parseTerm(term: string): TrafficFilter {
  if (term.startsWith('-')) {
    const test = parseTerm(term.slice(1));
    return hop => !test(hop);
  }
  const colon = term.indexOf(':');
  const value = term.slice(colon + 1);
  switch (colon === -1 ? '' : term.slice(0, colon)) {
    case 'kind':
      return hop => hop.kind === value;
    case 'outcome':
      return hop => hop.outcome === value;
    case 'trace':
      return hop => hop.traceId.toLowerCase().startsWith(value);
    case 'status':
      return statusTest(value);
    default:
      return hop => haystack(hop).includes(term);
  }
}

function statusTest(value: string): TrafficFilter {
  const compared = /^(>=|<=|>|<)(\d+)$/.exec(value);
  if (!compared) return hop => hop.status.toLowerCase().startsWith(value);
  const limit = Number(compared[2]);
  return hop => {
    const status = /^\d+$/.test(hop.status) ? Number(hop.status) : NaN;
    switch (compared[1]) {
      case '>=':
        return status >= limit;
      case '<=':
        return status <= limit;
      case '>':
        return status > limit;
      default:
        return status < limit;
    }
  };
}

function haystack(hop: ExchangeSummary): string {
  let text = haystacks.get(hop);
  if (text === undefined) {
    text = [hop.what, hop.detail, hop.status, hop.from, hop.to, hop.extension ?? ''].join('\n').toLowerCase();
    haystacks.set(hop, text);
  }
  return text;
}
