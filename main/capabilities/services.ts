import { z } from 'zod';
import type { Directory, ServiceRow } from './directory.ts';
import { checkId, directoryRead, pageOf, withoutNulls, wrongPage } from './directory-reads.ts';
import { argumentsOf, ok, type HostInterface } from './host-interface.ts';
import type { TenantGate } from './tenant-gate.ts';

const ListArguments = z.object({
  input: z.object({
    search: z.string().optional(),
    itemKind: z.enum(['service', 'product']).optional(),
    isActive: z.boolean().optional(),
    billingMethod: z.enum(['fixed', 'hourly', 'usage']).optional(),
  }),
});
const GetArguments = z.object({ serviceId: z.string() });

/**
 * `alga:extension/services` (spec 3.4, 9.7) over the local directory. Inactive services are listed unless filtered out; a
 * search looks for its text in name and SKU, without regard to case.
 */
export function createServices(o: { directory: Directory; gate: TenantGate }): HostInterface {
  const access = { capability: 'cap:service.read', permission: 'service:read', gate: o.gate } as const;
  return {
    'list-services': directoryRead(
      access,
      ({ tenantId }, call) => {
        const page = pageOf(call);
        const filter = argumentsOf(ListArguments, call).input;
        const { rows, totalCount } = o.directory.services(tenantId, filter, page);
        return ok({ items: rows.map(toSummary), totalCount, ...page });
      },
      wrongPage,
    ),
    'get-service': directoryRead(access, ({ tenantId }, call) => {
      const { serviceId } = argumentsOf(GetArguments, call);
      checkId('serviceId', serviceId);
      const row = o.directory.service(tenantId, serviceId);
      return ok(row ? toSummary(row) : null);
    }),
  };
}

function toSummary(row: ServiceRow): unknown {
  return { ...withoutNulls(row), isActive: row.isActive === 1 };
}
