/** Where the window itself lives; the only page with a preload. */
export const WINDOW_ORIGIN = 'xwb://app';
export const WINDOW_URL = `${WINDOW_ORIGIN}/app/index.html`;

const MAX_EXTERNAL_LENGTH = 2048;

/** `url` when it may be handed to the system's browser: https, no credentials, of a sane length. */
export function externalUrl(url: string): string | undefined {
  if (url.length > MAX_EXTERNAL_LENGTH || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const plain = parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '';
  return plain && parsed.hostname !== '' ? parsed.href : undefined;
}

/** Is this a page of our gateway: `http://localhost:<port>` or an extension's own `*.localhost` origin? */
export function isGatewayUrl(url: string, port: number | undefined): boolean {
  if (port === undefined || !URL.canParse(url)) return false;
  const { protocol, hostname, port: actual, username } = new URL(url);
  const ours = hostname === 'localhost' || hostname.endsWith('.localhost');
  return protocol === 'http:' && ours && actual === String(port) && username === '';
}

/**
 * May a frame go to `url`? The window's own page only ever reloads; frames inside it stay within the gateway
 * (or are blank, which is how frames are born).
 */
export function mayNavigate(
  url: string,
  frame: { readonly isMainFrame: boolean; readonly gatewayPort: number | undefined },
): boolean {
  if (frame.isMainFrame) return url === WINDOW_URL;
  return url === 'about:blank' || url === 'about:srcdoc' || isGatewayUrl(url, frame.gatewayPort);
}

const OWN_PERMISSIONS: ReadonlySet<string> = new Set([
  'clipboard-sanitized-write',
  // Chromium asks before a page of one address space frames another; our window frames the loopback gateway.
  'local-network',
  'local-network-access',
  'loopback-network',
]);

/** Every permission is refused but the few that the window itself needs; pages inside it get none. */
export function mayUse(permission: string, requestingUrl: string): boolean {
  if (!OWN_PERMISSIONS.has(permission)) return false;
  return requestingUrl === WINDOW_ORIGIN || requestingUrl.startsWith(`${WINDOW_ORIGIN}/`);
}
