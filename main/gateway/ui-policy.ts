/** Content security policy of an extension's HTML (spec 5.5). */
const UI_POLICY: Readonly<Record<string, string>> = {
  'default-src': "'self'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'self'",
  'form-action': "'self'",
};

/**
 * Keeps whatever extensions wrote away from the host page's origin when it is opened there; the live sandbox of
 * spec ui-bridge 2.1 without `allow-same-origin`.
 */
export const OPAQUE_SANDBOX = 'sandbox allow-scripts allow-forms allow-popups';

/**
 * The whole policy for HTML of an extension: the platform's default, and the pages that may embed it
 * (`EXT_UI_FRAME_ANCESTORS` on the platform).
 */
export function uiContentPolicy(frameAncestors: readonly string[]): string {
  return [policyText(UI_POLICY), `frame-ancestors ${frameAncestors.join(' ')}`].join('; ');
}

/** Writes directives in their order. */
export function policyText(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
