import { extensionName } from '../../../contract/index.ts';

/** Joins a folder and a name in the way that folder's system writes paths. */
export function joinFolder(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).findLast(part => part !== '') ?? '';
}

/** Why `folder` cannot become an extension's folder, as far as can be seen from its spelling. */
export function folderFault(folder: string): string | undefined {
  const name = baseName(folder);
  if (folder.trim() === '' || name === '') return 'Say where the new extension should live.';
  if (!/^([a-z]:)?[\\/]/i.test(folder)) return 'Give the whole path, from the root.';
  if (extensionName(name) === '') return 'The last part of the path needs at least one letter or digit.';
  return undefined;
}
