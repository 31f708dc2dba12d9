/**
 * The name an extension gets from its folder's: one that both npm and the platform take, lower case, digits and
 * dashes. Empty when nothing of it can be used.
 */
export function extensionName(folderName: string): string {
  return folderName
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 214);
}
