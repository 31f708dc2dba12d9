import type { User } from '../../contract/index.ts';
import type { HostContext } from './host-context.ts';
import { err, guarded, ok, type HostInterface } from './host-interface.ts';

const CAPABILITY = 'cap:user.read';

/** The WIT record `user-data` (spec 3.3). */
interface UserData {
  readonly tenantId: string;
  readonly clientName: string;
  readonly userId: string;
  readonly userEmail: string;
  readonly userName: string;
  readonly userType: string;
}

function userData({ tenant }: HostContext, user: User): UserData {
  return {
    tenantId: tenant.tenantId,
    clientName: tenant.clientName,
    userId: user.userId,
    userEmail: user.email,
    userName: user.name,
    userType: user.userType,
  };
}

/** The interface whose one function answers with `record` of the call's user; nobody signed in is `not-available`. */
function userInterfaceOf(record: (context: HostContext, user: User) => unknown): HostInterface {
  return {
    'get-user': guarded(CAPABILITY, 'not-allowed', context =>
      context.user ? ok(record(context, context.user)) : err('not-available', 'Nobody is signed in.'),
    ),
  };
}

/** `alga:extension/user` (spec 3.4, 6.5): the first shape, without client id and additional fields. */
export const userInterface = userInterfaceOf(userData);

/** `alga:extension/user-v2` (spec 3.3, 3.5): additional fields as name-value pairs sorted by name. */
export const userV2Interface = userInterfaceOf((context, user) => ({
  ...userData(context, user),
  ...(user.clientId !== undefined && { clientId: user.clientId }),
  additionalFields: Object.entries(user.additionalFields).sort(([a], [b]) => (a < b ? -1 : 1)),
}));
