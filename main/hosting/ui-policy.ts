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
 * Keeps whatever extensions wrote away from an origin that has more than that one extension's files; the live sandbox
 * of spec ui-bridge 2.1 without `allow-same-origin`.
 */
export const OPAQUE_SANDBOX = 'sandbox allow-scripts allow-forms allow-popups';

/** What an operator may change about the policy (spec 4.10). */
export interface UiPolicyOptions {
  /** Pages that may embed the HTML, as `EXT_UI_FRAME_ANCESTORS` names them; none leaves the directive out. */
  readonly frameAncestors?: readonly string[];
  /** The whole policy instead of the platform's, as `EXT_UI_CONTENT_SECURITY_POLICY` gives it. */
  readonly replacement?: string;
  /** Scripts that may run beside those of the extension's own files, as the policy names them. */
  readonly moreScripts?: readonly string[];
}

/** The whole policy for HTML of an extension (spec 5.5). */
export function uiContentPolicy(options: UiPolicyOptions): string {
  const { frameAncestors = [], replacement, moreScripts = [] } = options;
  if (replacement !== undefined) return replacement;
  const framed = frameAncestors.length > 0 ? [`frame-ancestors ${frameAncestors.join(' ')}`] : [];
  const scripts = { 'script-src': [UI_POLICY['script-src'], ...moreScripts].join(' ') };
  return [policyText({ ...UI_POLICY, ...scripts }), ...framed].join('; ');
}

/** Writes directives in their order. */
export function policyText(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
