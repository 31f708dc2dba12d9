/** Three numbers of a version; what a range leaves out is undefined. */
type Numbers = readonly [number, number | undefined, number | undefined];

const PART = /^(\^|~|>=|=|v)?\s*v?(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?$/;

/**
 * Whether a version falls into an npm range. It knows the forms that projects write: exact, `^`, `~`, `>=`, `x`, `*`,
 * tags and `||`.
 *
 * @param version `X.Y.Z`
 * @returns undefined for a form it does not know (URLs, files, workspaces, pre-releases, hyphens)
 */
export function rangeHolds(range: string, version: string): boolean | undefined {
  const verdicts = range.split('||').map(part => partHolds(part.trim(), version));
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function partHolds(part: string, version: string): boolean | undefined {
  if (['', '*', 'x', 'X', 'latest'].includes(part)) return true;
  const match = PART.exec(part);
  const [major, minor = 0, patch = 0] = numbersOf(version);
  if (match === null) return undefined;
  const [wantedMajor, wantedMinor, wantedPatch] = numbersOf(match.slice(2).join('.'));
  const order = major - wantedMajor || minor - (wantedMinor ?? 0) || patch - (wantedPatch ?? 0);
  switch (match[1]) {
    case '>=':
      return order >= 0;
    case '^':
      return (
        order >= 0 &&
        sameUpTo(
          leftmostNonZero(wantedMajor, wantedMinor, wantedPatch),
          [major, minor, patch],
          [wantedMajor, wantedMinor ?? 0, wantedPatch ?? 0],
        )
      );
    case '~':
      return order >= 0 && major === wantedMajor && (wantedMinor === undefined || minor === wantedMinor);
    default:
      return (
        major === wantedMajor &&
        (wantedMinor === undefined || minor === wantedMinor) &&
        (wantedPatch === undefined || patch === wantedPatch)
      );
  }
}

/** How many leading numbers a caret range pins. */
function leftmostNonZero(major: number, minor: number | undefined, patch: number | undefined): number {
  if (major > 0 || minor === undefined) return 1;
  return minor > 0 || patch === undefined ? 2 : 3;
}

function sameUpTo(count: number, a: readonly number[], b: readonly number[]): boolean {
  return a.slice(0, count).every((value, index) => value === b[index]);
}

function numbersOf(text: string): Numbers {
  const [major, minor, patch] = text.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : undefined));
  return [major ?? 0, minor, patch];
}
