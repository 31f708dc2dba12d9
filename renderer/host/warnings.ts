/** What an author should know about a message, by a stable code; shown beside it in traffic. */
export const WARNINGS = {
  'bridge.origin-mismatch':
    'The message came from another origin than the extension’s own; the platform drops it without a word.',
  'bridge.other-window': 'The message came from another window than the extension’s frame.',
  'bridge.no-envelope':
    'The message lacks alga: true or version: "1"; the platform ignores a ready without them.',
  'bridge.unknown-type': 'The platform knows no message of this type and ignores it.',
  'bridge.navigate-ignored': 'The live platform ignores navigate; only its older, unused bridge acts on it.',
  'bridge.bad-height': 'The height is not a number, so the platform ignores the message.',
  'bridge.no-request-id': 'An apiproxy message without request_id is dropped: no call, no answer.',
  'bridge.unsupported-method':
    'The method is none of GET, POST, PUT, PATCH, DELETE: the platform fails inside and never answers, so the extension sees a timeout.',
  'bridge.route-not-text': 'The route is not a string.',
  'bridge.body-not-base64': 'The body is not base64.',
  'bridge.get-body': 'A GET was sent with a body; the platform drops it.',
  'bridge.route-escapes':
    'The route leaves the address of the extension. On the platform it would reach another API with the session of the user; here it is answered as an endpoint that is not declared. Send a route without dot segments.',
  'bridge.comma-in-type':
    'The content type of the answer holds a comma, which corrupts the body on the platform as it does here.',
  'bridge.sdk-gave-up':
    'The answer took longer than 15 s: the SDK has already reported a timeout, although the handler ran to its end.',
  'bridge.no-answer': 'The page was left before the answer came.',
} as const satisfies Record<string, string>;

export type WarningCode = keyof typeof WARNINGS;

export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
}

export function warning(code: WarningCode): Warning {
  return { code, message: WARNINGS[code] };
}
