/** Of each name that there may be only one of, what is wrong when there are several versions. */
export function severalVersions(
  packages: readonly { readonly name: string; readonly version: string }[],
  onlyOne: readonly string[],
): string[] {
  return onlyOne.flatMap(name => {
    const found = packages.filter(entry => entry.name === name).map(({ version }) => version);
    const versions = [...new Set(found)].sort();
    return versions.length > 1
      ? [`${name} is there ${versions.length} times (${versions.join(', ')}). Bring those who use it to one.`]
      : [];
  });
}
