import { z } from 'zod';
import {
  argumentsOf,
  err,
  guarded,
  isGranted,
  notGranted,
  ok,
  plain,
  type HostInterface,
} from './host-interface.ts';

const CAPABILITY = 'cap:secrets.get';
const Key = z.object({ key: z.string() });

/**
 * `alga:extension/secrets` (spec 3.4, 9.2) over the install's flat map. Without the grant `get` is `denied` and
 * `list-keys` is silently empty; `expired` and `internal` are declared in the WIT but never answered.
 */
export const secretsInterface: HostInterface = {
  get: guarded(CAPABILITY, 'denied', (context, call) => {
    const { key } = argumentsOf(Key, call);
    const secrets = context.secrets();
    const value = Object.hasOwn(secrets, key) ? secrets[key] : undefined;
    return value === undefined ? err('missing', `The install has no secret named ${key}.`) : ok(value);
  }),
  'list-keys': context =>
    isGranted(context, CAPABILITY)
      ? plain(Object.keys(context.secrets()))
      : { ...plain([]), note: notGranted(CAPABILITY) },
};
