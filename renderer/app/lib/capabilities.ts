import type { Capability, DEFAULT_CAPABILITIES } from '../../../contract/index.ts';

// Only types come from the contract: its schemas would bring their library, which probes for eval, into the page.

const MEANINGS: Readonly<Record<Capability, string>> = {
  'cap:context.read': 'Which tenant, extension and request this is',
  'cap:log.emit': 'Write log lines',
  'cap:user.read': 'Who is calling',
  'cap:secrets.get': 'Read secrets by name',
  'cap:http.fetch': 'Call out over HTTP',
  'cap:storage.kv': 'Keep records in namespaces',
  'cap:ui.proxy': 'Call the platform’s own routes',
  'cap:scheduler.manage': 'Make and change schedules',
  'cap:invoice.manual.create': 'Create manual invoices',
  'cap:client.read': 'Read clients',
  'cap:service.read': 'Read services',
};

const ALWAYS: Readonly<Record<(typeof DEFAULT_CAPABILITIES)[number], true>> = {
  'cap:context.read': true,
  'cap:log.emit': true,
  'cap:user.read': true,
};

/** Every capability the platform knows, with what it allows. */
export const CAPABILITY_MEANINGS: readonly (readonly [capability: string, meaning: string])[] =
  Object.entries(MEANINGS);

/** Is it granted to every install, declared or not? */
export function isAlwaysGranted(capability: string): boolean {
  return Object.hasOwn(ALWAYS, capability);
}
