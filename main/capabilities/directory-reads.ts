import { z } from 'zod';
import type { Capability, HostCall, HostReply } from '../../contract/index.ts';
import type { Page } from './directory.ts';
import type { HostContext } from './host-context.ts';
import { argumentsOf, err, installOf, isGranted, notGranted, type HostFunction } from './host-interface.ts';
import { asPlatformError, noteOf, PlatformError } from './platform-error.ts';
import type { TenantGate } from './tenant-gate.ts';

/** Limits of the list operations (spec section 9.7). */
const DIRECTORY_LIMITS = { search: 200, page: 10_000, pageSize: 100 } as const;

const Id = z.guid();
const ListArguments = z.object({
  input: z.object({
    search: z.string().optional(),
    page: z.number().default(1),
    pageSize: z.number().default(25),
  }),
});

/** The case a guest gets for each status of the platform's answer; everything else, 404 included, is `internal`. */
const CASES: Readonly<Record<number, string>> = {
  400: 'invalid-input',
  401: 'not-allowed',
  403: 'not-allowed',
};

/** What one of the two interfaces asks of its caller. */
export interface DirectoryAccess {
  readonly capability: Capability;
  readonly permission: 'client:read' | 'service:read';
  readonly gate: TenantGate;
}

/**
 * A reading function (spec 3.4, 9.7): `not-allowed` without a word where grant or install is missing, then the platform's
 * answer to `read`, with its reason in the note of a refusal. `check` stands for what the runner looks at before it asks.
 */
export function directoryRead(
  access: DirectoryAccess,
  read: (context: HostContext, call: HostCall) => HostReply,
  check: (call: HostCall) => string | undefined = () => undefined,
): HostFunction {
  const { capability, permission, gate } = access;
  return (context, call) => {
    if (!isGranted(context, capability)) return err('not-allowed', notGranted(capability));
    const installId = installOf(context);
    if (installId === undefined) return err('not-allowed', 'The run has no install.');
    const wrong = check(call);
    if (wrong !== undefined) return err('invalid-input', wrong);
    try {
      gate.installedVersion(context.tenantId, installId);
      gate.checkPermission(context.user, permission);
      return read(context, call);
    } catch (error) {
      const refusal = asPlatformError(error);
      return err(CASES[refusal.status] ?? 'internal', noteOf(refusal));
    }
  };
}

/** What the runner itself finds wrong with a page, before it asks (spec 9.7). */
export function wrongPage(call: HostCall): string | undefined {
  const { page, pageSize } = argumentsOf(ListArguments, call).input;
  if (page < 1) return 'page starts at 1.';
  if (pageSize < 1 || pageSize > DIRECTORY_LIMITS.pageSize) {
    return `page-size is 1 to ${DIRECTORY_LIMITS.pageSize}.`;
  }
  return undefined;
}

/** The page of a list call, after the platform's own checks; throws 400. */
export function pageOf(call: HostCall): Page {
  const { search, page, pageSize } = argumentsOf(ListArguments, call).input;
  if (page > DIRECTORY_LIMITS.page) {
    throw new PlatformError(400, `page is at most ${DIRECTORY_LIMITS.page}.`);
  }
  if (search !== undefined && search.length > DIRECTORY_LIMITS.search) {
    throw new PlatformError(400, `search has at most ${DIRECTORY_LIMITS.search} characters.`);
  }
  return { page, pageSize };
}

/** Throws 400 for an id that is no UUID. */
export function checkId(field: string, id: string): void {
  if (!Id.safeParse(id).success) throw new PlatformError(400, `${field} is not a UUID.`);
}

/** A row as a WIT record: members without a value left out, as the world's options are. */
export function withoutNulls(row: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
