/**
 * Whether a version answers a range of package.json: exact versions, `^`, `~`, `>=`, `x` wildcards, `*`, `latest`
 * and `||` between those. Whatever else a range says (tags, links, spans), the answer is no, and npm decides.
 */
export function satisfies(version: string, range: string): boolean {
  const actual = parse(version);
  return actual !== undefined && range.split('||').some(part => fits(actual, part.trim()));
}

type Parts = readonly [major: number, minor: number, patch: number];

function fits(actual: Parts, range: string): boolean {
  if (range === '' || range === '*' || range === 'latest') return true;
  const [, operator = '', text = ''] = /^(\^|~|>=|=)?\s*v?(.+)$/.exec(range) ?? [];
  const wanted = parse(text.replace(/(?:\.[xX*])+$/, ''));
  if (!wanted) return false;
  const given = text.split('.').filter(part => /^\d/.test(part)).length;
  if (operator === '>=') return compare(actual, wanted) >= 0;
  if (operator === '^')
    return compare(actual, wanted) >= 0 && same(actual, wanted, caretDepth(wanted, given));
  if (operator === '~') return compare(actual, wanted) >= 0 && same(actual, wanted, Math.min(given, 2));
  return same(actual, wanted, given);
}

/** How many leading numbers a caret holds fast: up to the first that is not zero. */
function caretDepth([major, minor]: Parts, given: number): number {
  if (major > 0 || given === 1) return 1;
  return minor > 0 || given === 2 ? 2 : 3;
}

function parse(text: string): Parts | undefined {
  const found = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\+[\w.-]+)?$/.exec(text);
  return found ? [Number(found[1]), Number(found[2] ?? 0), Number(found[3] ?? 0)] : undefined;
}

function compare(a: Parts, b: Parts): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function same(a: Parts, b: Parts, depth: number): boolean {
  return a.every((part, index) => index >= depth || part === b[index]);
}
