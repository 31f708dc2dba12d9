import { z } from 'zod';
import type { Capability } from '../../contract/index.ts';
import { argumentsOf, err, installOf, isGranted, notGranted, type HostFunction } from './host-interface.ts';
import { NO_PLATFORM } from './platform-absent.ts';

const MAX_PAGE_SIZE = 100;

const ListInput = z.object({
  input: z.object({ page: z.number().optional(), pageSize: z.number().optional() }),
});

/** Reading one item: refused without a word where grant or install is missing, `internal` with no platform behind it. */
export function readOne(capability: Capability): HostFunction {
  return readWith(capability, () => err('internal', NO_PLATFORM));
}

/** Reading a page of items: as {@link readOne}, after the runner's own check of page and size (spec 9.7). */
export function readPage(capability: Capability): HostFunction {
  return readWith(capability, (_, call) => {
    const { page = 1, pageSize = 1 } = argumentsOf(ListInput, call).input;
    if (page < 1) return err('invalid-input', 'page starts at 1.');
    if (pageSize < 1 || pageSize > MAX_PAGE_SIZE)
      return err('invalid-input', `page-size is 1 to ${MAX_PAGE_SIZE}.`);
    return err('internal', NO_PLATFORM);
  });
}

function readWith(capability: Capability, answer: HostFunction): HostFunction {
  return (context, call) => {
    if (!isGranted(context, capability)) return err('not-allowed', notGranted(capability));
    if (installOf(context) === undefined) return err('not-allowed', 'The run has no install.');
    return answer(context, call);
  };
}
