/** A form in which a secret may turn up in recorded text. */
export interface SecretVariant {
  readonly text: string;
  /** Characters on either side that hold some bits of the secret and go with it (base64 inside a longer base64). */
  readonly before: number;
  readonly after: number;
  /** A short secret counts only where it stands alone, or every text would be full of it. */
  readonly alone: boolean;
}

/** Shorter secrets are looked for only as whole words and in none of the encodings. */
export const SHORT_SECRET = 4;
/** Base64 fragments shorter than this turn up by chance. */
const MIN_FRAGMENT = 6;

/**
 * Every form to look for: as it is, JSON-escaped (also twice, and with everything outside ASCII escaped),
 * percent-encoded, and base64 in both alphabets, alone or at any place inside a longer base64 text.
 */
export function variantsOf(secret: string): SecretVariant[] {
  if (secret === '') return [];
  if (secret.length < SHORT_SECRET) return [{ text: secret, before: 0, after: 0, alone: true }];
  const whole = [...plainForms(secret), ...base64Forms(secret)];
  const seen = new Set(whole);
  const forms = [...seen].map(text => ({ text, before: 0, after: 0, alone: false }));
  return [...forms, ...base64Fragments(secret)];
}

function plainForms(secret: string): string[] {
  const json = escapeJson(secret);
  const ascii = escapeNonAscii(json);
  const url = percentEncode(secret);
  return [
    secret,
    json,
    json.replaceAll('/', '\\/'),
    ascii,
    escapeJson(json),
    escapeJson(ascii),
    url,
    url.replaceAll('%20', '+'),
    url.replaceAll(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeNonAscii(json: string): string {
  return json.replaceAll(
    /[\u0080-\uffff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** `encodeURIComponent` refuses halves of surrogate pairs; such a secret has no percent-encoded form of its own. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const standard = bytes.toString('base64');
  return [standard, standard.replaceAll('=', ''), bytes.toString('base64url')];
}

/** What is certain of the secret's base64 when `offset` bytes come before it in the encoded text. */
function base64Fragments(secret: string): SecretVariant[] {
  return [0, 1, 2].flatMap(offset => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const skip = offset === 0 ? 0 : offset + 1;
    const certain = Math.floor((bytes.length * 8) / 6);
    const edge = { before: offset === 0 ? 0 : 1, after: (bytes.length * 8) % 6 === 0 ? 0 : 1, alone: false };
    return (['base64', 'base64url'] as const)
      .map(alphabet => bytes.toString(alphabet).slice(skip, certain))
      .filter((text, index, all) => text.length >= MIN_FRAGMENT && all.indexOf(text) === index)
      .map(text => ({ text, ...edge }));
  });
}
