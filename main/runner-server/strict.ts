import { ERRORS, type ErrorCode } from '../../contract/index.ts';
import type { EgressPolicy } from '../capabilities/index.ts';
import type { Diagnostic } from '../hosting/index.ts';
import { nearestCapability } from '../manifest/index.ts';
import type { ExecuteDocument } from './execute-document.ts';
import type { ExecuteAnswer } from './guest-call.ts';
import { isVaultSealed } from './secret-envelope.ts';

/** Time limit of a call that names none, in the strict posture: the gateways' default (spec 6.1). */
export const STRICT_TIMEOUT_MS = 30_000;

/** Where the strict posture does something else than the platform, and says so (spec 13.1). */
const DEVIATIONS = {
  'idempotency.scoped':
    'The idempotency key counts for this tenant and extension only. On the platform it counts for every caller.',
  'idempotency.repeated': 'This is the answer of an earlier call with the same idempotency key.',
  'idempotency.not-kept':
    'The answer is a failure of the handler, so it is not kept for the idempotency key. The platform keeps it.',
  'limits.default-timeout': `limits.timeout_ms is missing; the call gets ${STRICT_TIMEOUT_MS} ms. The platform ends it at its first step.`,
} as const;

/** Says that the strict posture differs here. */
export function deviation(code: keyof typeof DEVIATIONS): Diagnostic {
  return { code, severity: 'warning', message: DEVIATIONS[code] };
}

/** What will hurt about a call, told before it runs. */
export function documentDiagnostics(
  { secret_envelope: envelope, limits }: ExecuteDocument,
  { egress, mayFetch, now }: { egress: EgressPolicy; mayFetch: boolean; now: number },
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const warn = (code: string, message: string): void => {
    found.push({ code, severity: 'warning', message });
  };
  if (limits.timeout_ms == null) found.push(deviation('limits.default-timeout'));
  if (limits.fuel != null)
    warn('limits.fuel', 'limits.fuel has no effect: the platform does not meter fuel.');
  if (envelope && envelope.ciphertext_b64.trim() !== '') {
    if (!isVaultSealed(envelope)) warn('secrets.encoded', 'The secrets are encoded, not encrypted.');
    if (envelope.expires_at != null && Date.parse(envelope.expires_at) < now) {
      warn(
        'secrets.expired',
        'The secret envelope has expired; it is opened all the same, as on the platform.',
      );
    }
  }
  if (mayFetch && egress.allow.length === 0) {
    warn(
      'egress.open',
      'EXT_EGRESS_ALLOWLIST is empty, so http.fetch reaches every host, this machine included.',
    );
  }
  return found;
}

/** Capability names that nobody knows, with what was probably meant. */
export function unknownCapabilities(names: readonly string[]): Diagnostic[] {
  return names.map(name => {
    const nearest = nearestCapability(name);
    const advice = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    return { code: 'capability.unknown', severity: 'error', message: `Nobody knows ${name}.${advice}` };
  });
}

/** Why a run failed, with what to do about it. */
export function failureDiagnostic(code: string, message: string, advice?: string): Diagnostic {
  const next = advice ?? (isErrorCode(code) ? ERRORS[code].next : '');
  return { code, severity: 'error', message: `${message} ${next}`.trim() };
}

/** The answer as it is sent: the platform's four members, and in the strict posture what there is to say. */
export function toJson(answer: ExecuteAnswer, diagnostics: readonly Diagnostic[] | undefined): string {
  return JSON.stringify(diagnostics === undefined ? answer : { ...answer, diagnostics });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
