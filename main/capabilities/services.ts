import { readOne, readPage } from './directory-reads.ts';
import type { HostInterface } from './host-interface.ts';

/** `alga:extension/services` (spec 3.4, 9.7) with no platform behind it. */
export const servicesInterface: HostInterface = {
  'list-services': readPage('cap:service.read'),
  'get-service': readOne('cap:service.read'),
};
