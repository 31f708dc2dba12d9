import { join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

/** Stands in the built page where the nonce of each answer goes. */
export const NONCE_MARK = '__XWB_NONCE__';

export interface Asset {
  readonly file: string;
  readonly contentType: string;
}

/**
 * The file below `root` that an `xwb://app/…` address names, or undefined when the address is not one of ours:
 * another host, a way out of the folder in any spelling, or a kind of file the window does not use.
 */
export function resolveAsset(root: string, address: string): Asset | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'xwb:' || url.host !== 'app') return undefined;
  const path = decodePath(url.pathname);
  if (path === undefined || /[\\\0:]/.test(path)) return undefined;
  const segments = path.split('/').filter(segment => segment !== '');
  if (segments.length === 0 || segments.some(segment => segment.startsWith('.'))) return undefined;
  const contentType = TYPES[/\.[a-z0-9]+$/.exec(path)?.[0] ?? ''];
  return contentType === undefined ? undefined : { file: join(root, ...segments), contentType };
}

function decodePath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('%') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/**
 * The window's content security policy. Styles carry a nonce because the component library locks scrolling
 * behind dialogs with a style element of its own; everything else comes from files.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    'frame-src http://localhost:*',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Headers of every answer of the window's scheme. */
export function assetHeaders(contentType: string, nonce: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy(nonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
}
