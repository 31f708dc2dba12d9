import { z } from 'zod';
import type { HostCall, HostReply } from '../../contract/index.ts';
import type { Store } from '../store/index.ts';
import type { HostContext } from './host-context.ts';
import {
  argumentsOf,
  err,
  guarded,
  installOf,
  ok,
  type HostFunction,
  type HostInterface,
} from './host-interface.ts';
import { STORAGE_ERROR_CASES, StorageError } from './storage-limits.ts';
import { createStorageService, type StorageService } from './storage-service.ts';
import type { StorageScope } from './storage-table.ts';
import { fromGuestBytes, GUEST_METADATA, toGuestBytes } from './storage-values.ts';

const Place = z.object({ namespace: z.string(), key: z.string() });
const PutArguments = z.object({ entry: Place.extend({ revision: z.number().optional() }) });
const ListArguments = z.object({ namespace: z.string(), cursor: z.string().optional() });

/** Told to the author when a listing is cut; the guest cannot know (spec 9.1, cursor defect). */
const CUT_SHORT =
  'There are more keys; the runner hands out one page of 25 and drops the cursor for the next.';

/**
 * `alga:extension/storage` (spec 3.4, 3.5, 9.1) over the local database: refused without the grant or an install, else
 * the platform's storage API as a guest sees it. Bytes are kept as base64 JSON text with fixed metadata, so at most
 * 49,149 of them fit. A failure of the database is `internal`, as a failing server is.
 */
export function createStorage({ store, now }: { store: Store; now?: () => number }): HostInterface {
  const service = createStorageService({ store, ...(now && { now }) });
  return {
    get: storageFunction((scope, call) => get(service, scope, call)),
    put: storageFunction((scope, call) => put(service, scope, call)),
    delete: storageFunction((scope, call) => remove(service, scope, call)),
    'list-entries': storageFunction((scope, call) => listEntries(service, scope, call)),
  };
}

type Operation = (scope: StorageScope, call: HostCall) => HostReply;

function storageFunction(operation: Operation): HostFunction {
  return guarded('cap:storage.kv', 'denied', (context: HostContext, call) => {
    const installId = installOf(context);
    if (installId === undefined) return err('denied', 'The run has no install, and records belong to one.');
    try {
      return operation({ tenantId: context.tenantId, installId }, call);
    } catch (error) {
      const refusal = asRefusal(error);
      return err(STORAGE_ERROR_CASES[refusal.code], `${refusal.code}: ${refusal.message}`);
    }
  });
}

/** The database's own errors count as the server's (spec 9.1, "other"); anything else is a fault of ours. */
function asRefusal(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  if (error instanceof Error && error.name === 'SqliteError') {
    return new StorageError('INTERNAL', error.message, { cause: error });
  }
  throw error;
}

function get(service: StorageService, scope: StorageScope, call: HostCall): HostReply {
  const { namespace, key } = argumentsOf(Place, call);
  const { revision, value, metadata } = service.get(scope, namespace, key);
  return ok({ namespace, key, revision }, toGuestBytes(value, metadata));
}

function put(service: StorageService, scope: StorageScope, call: HostCall): HostReply {
  const { namespace, key, revision: ifRevision } = argumentsOf(PutArguments, call).entry;
  const bytes = call.bytes ?? new Uint8Array();
  const value = fromGuestBytes(bytes);
  const { revision } = service.put(scope, {
    namespace,
    key,
    value,
    metadata: GUEST_METADATA,
    ...(ifRevision !== undefined && { ifRevision }),
  });
  return ok({ namespace, key, revision }, bytes);
}

function remove(service: StorageService, scope: StorageScope, call: HostCall): HostReply {
  const { namespace, key } = argumentsOf(Place, call);
  return service.delete(scope, namespace, key)
    ? ok(null)
    : err('conflict', 'There is no such record to delete.');
}

function listEntries(service: StorageService, scope: StorageScope, call: HostCall): HostReply {
  const { namespace, cursor } = argumentsOf(ListArguments, call);
  const { items, nextCursor } = service.list(scope, namespace, cursor);
  const entries = items.map(({ key, revision, value, metadata }) => ({
    namespace,
    key,
    revision,
    value: fromGuestBytes(toGuestBytes(value, metadata)),
  }));
  return { ...ok(entries), ...(nextCursor !== undefined && { note: CUT_SHORT }) };
}
