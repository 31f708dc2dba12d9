/**
 * Whether a licence expression (SPDX, or the older form with a slash for "or") can be met with these licences.
 * Throws for what is no expression.
 */
export function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const tokens = expression.match(/[()/]|[^\s()/]+/g) ?? [];
  const next = (): string => tokens.shift() ?? '';
  const take = (...words: string[]): boolean => {
    const found = words.includes(tokens[0] ?? '');
    if (found) next();
    return found;
  };
  // Both sides are always read, whatever the first one gave.
  const either = (): boolean => {
    let met = both();
    while (take('OR', '/')) met = both() || met;
    return met;
  };
  const both = (): boolean => {
    let met = one();
    while (take('AND')) met = one() && met;
    return met;
  };
  const one = (): boolean => {
    if (take('(')) {
      const met = either();
      if (!take(')')) throw new Error(`“${expression}” has a bracket that does not close.`);
      return met;
    }
    const licence = next();
    if (!/^[A-Za-z0-9]/.test(licence)) throw new Error(`“${expression}” is no licence expression.`);
    return allowed.has(take('WITH') ? `${licence} WITH ${next()}` : licence);
  };
  const met = either();
  if (tokens.length > 0) throw new Error(`“${expression}” is no licence expression.`);
  return met;
}

/** What is wrong with a package's licence, as a list of one or none. */
export function licenceProblems(
  name: string,
  licence: string | undefined,
  allowed: ReadonlySet<string>,
): string[] {
  if (licence === undefined)
    return [`${name} names no licence. Find out which it has, or use something else.`];
  try {
    if (isAllowed(licence, allowed)) return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
  return [
    `${name} has the licence ${licence}. Use something else, or allow the licence in scripts/checks/policy.ts.`,
  ];
}
