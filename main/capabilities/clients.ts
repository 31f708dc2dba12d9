import { z } from 'zod';
import type { ClientRow, Directory } from './directory.ts';
import { checkId, directoryRead, pageOf, withoutNulls, wrongPage } from './directory-reads.ts';
import { argumentsOf, ok, type HostInterface } from './host-interface.ts';
import { PlatformError } from './platform-error.ts';
import type { TenantGate } from './tenant-gate.ts';

const ListArguments = z.object({
  input: z.object({ search: z.string().optional(), includeInactive: z.boolean().optional() }),
});
const GetArguments = z.object({ clientId: z.string() });

/** By reading of the platform, not by running it (spec 9.7). */
const SEARCH_DEFECT =
  'The platform matches a search against the UUID column client_id, too, which PostgreSQL refuses; list without a search and filter in the handler.';

/**
 * `alga:extension/clients` (spec 3.4, 9.7) over the local directory. As on the platform, any search ends as `internal`, and
 * inactive clients are hidden unless asked for.
 */
export function createClients(o: { directory: Directory; gate: TenantGate }): HostInterface {
  const access = { capability: 'cap:client.read', permission: 'client:read', gate: o.gate } as const;
  return {
    'list-clients': directoryRead(
      access,
      ({ tenantId }, call) => {
        const page = pageOf(call);
        const { search = '', includeInactive = false } = argumentsOf(ListArguments, call).input;
        if (search !== '') throw new PlatformError(500, SEARCH_DEFECT);
        const { rows, totalCount } = o.directory.clients(tenantId, includeInactive, page);
        return ok({ items: rows.map(toSummary), totalCount, ...page });
      },
      wrongPage,
    ),
    'get-client': directoryRead(access, ({ tenantId }, call) => {
      const { clientId } = argumentsOf(GetArguments, call);
      checkId('clientId', clientId);
      const row = o.directory.client(tenantId, clientId);
      return ok(row ? toSummary(row) : null);
    }),
  };
}

function toSummary(row: ClientRow): unknown {
  return { ...withoutNulls(row), isInactive: row.isInactive === 1 };
}
