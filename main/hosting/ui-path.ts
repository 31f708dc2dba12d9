import { hasControl, percentDecode } from './raw-text.ts';

/** Media types of the extensions that the runner serves, without charset (spec 5.3, 5.4). */
export const UI_MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
  map: 'application/octet-stream',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
};

/**
 * Applies the path rules of spec 5.3 to the still encoded part of the URL behind the content hash.
 * Returns the path below `ui/` with forward slashes, empty for the root, or undefined when a rule is broken.
 */
export function readUiPath(encoded: string): string | undefined {
  const path = percentDecode(encoded);
  if (path === undefined || hasControl(path) || path.includes('\\')) return undefined;
  const segments = path.split('/').filter(segment => segment !== '');
  if (segments.some(segment => segment.startsWith('.'))) return undefined;
  const last = segments.at(-1);
  if (last?.includes('.') === true && UI_MEDIA_TYPES[fileExtension(last)] === undefined) return undefined;
  return segments.join('/');
}

/** Media type of a file by its name; names without an extension are bytes. */
export function uiMediaType(path: string): string {
  return UI_MEDIA_TYPES[fileExtension(path)] ?? 'application/octet-stream';
}

function fileExtension(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot === -1 ? '' : path.slice(dot + 1).toLowerCase();
}
