import { readOne, readPage } from './directory-reads.ts';
import type { HostInterface } from './host-interface.ts';

/** `alga:extension/clients` (spec 3.4, 9.7) with no platform behind it. */
export const clientsInterface: HostInterface = {
  'list-clients': readPage('cap:client.read'),
  'get-client': readOne('cap:client.read'),
};
