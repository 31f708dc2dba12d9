/**
 * What the platform offers an extension's component: one module per interface of the world `runner`.
 * The calls are synchronous; a refused one throws an error whose `payload` is the case named here.
 */

declare module 'alga:extension/types' {
  export type SecretError = 'missing' | 'denied' | 'expired' | 'internal';
  export type HttpError = 'invalid-url' | 'not-allowed' | 'transport' | 'internal';
  export type StorageError = 'missing' | 'conflict' | 'denied' | 'internal';
  export type ProxyError = 'route-not-found' | 'denied' | 'bad-request' | 'internal';
  export type UserError = 'not-available' | 'not-allowed';
  export type SchedulerError = 'not-found' | 'validation-failed' | 'quota-exceeded' | 'denied' | 'internal';
  export type ReadError = 'not-allowed' | 'invalid-input' | 'internal';

  export interface ContextData {
    requestId?: string | undefined;
    tenantId: string;
    extensionId: string;
    installId?: string | undefined;
    versionId?: string | undefined;
  }

  export interface HttpHeader {
    name: string;
    value: string;
  }

  export interface HttpRequest {
    method: string;
    url: string;
    headers: HttpHeader[];
    body?: Uint8Array | undefined;
  }

  export interface HttpResponse {
    status: number;
    headers: HttpHeader[];
    body?: Uint8Array | undefined;
  }

  export interface StorageEntry {
    namespace: string;
    key: string;
    value: Uint8Array;
    revision?: bigint | undefined;
  }

  export interface UserData {
    tenantId: string;
    clientName: string;
    userId: string;
    userEmail: string;
    userName: string;
    userType: string;
  }

  export interface UserDataV2 extends UserData {
    clientId?: string | undefined;
    additionalFields: [name: string, value: string][];
  }

  export interface ScheduleInfo {
    id: string;
    endpointPath: string;
    endpointMethod: string;
    name?: string | undefined;
    cron: string;
    timezone: string;
    enabled: boolean;
    /** JSON text. */
    payload?: string | undefined;
    lastRunAt?: string | undefined;
    lastRunStatus?: string | undefined;
    lastError?: string | undefined;
    createdAt?: string | undefined;
  }

  export interface EndpointInfo {
    id: string;
    method: string;
    path: string;
    handler: string;
    schedulable: boolean;
  }

  export interface CreateScheduleInput {
    endpoint: string;
    cron: string;
    timezone?: string | undefined;
    enabled?: boolean | undefined;
    name?: string | undefined;
    /** JSON text. */
    payload?: string | undefined;
  }

  export interface CreateScheduleResult {
    success: boolean;
    scheduleId?: string | undefined;
    error?: string | undefined;
    /** Text of a JSON object, field to message. */
    fieldErrors?: string | undefined;
  }

  export interface UpdateScheduleInput {
    endpoint?: string | undefined;
    cron?: string | undefined;
    timezone?: string | undefined;
    enabled?: boolean | undefined;
    name?: string | undefined;
    /** JSON text. */
    payload?: string | undefined;
  }

  export interface UpdateScheduleResult {
    success: boolean;
    error?: string | undefined;
    /** Text of a JSON object, field to message. */
    fieldErrors?: string | undefined;
  }

  export interface DeleteScheduleResult {
    success: boolean;
    error?: string | undefined;
  }

  export interface ManualInvoiceItemInput {
    serviceId: string;
    quantity: number;
    description: string;
    rate: number;
    isDiscount?: boolean | undefined;
    discountType?: 'percentage' | 'fixed' | undefined;
    appliesToItemId?: string | undefined;
    appliesToServiceId?: string | undefined;
  }

  export interface CreateManualInvoiceInput {
    clientId: string;
    items: ManualInvoiceItemInput[];
    invoiceDate?: string | undefined;
    dueDate?: string | undefined;
    poNumber?: string | undefined;
  }

  export interface CreateManualInvoiceResult {
    success: boolean;
    invoiceId?: string | undefined;
    invoiceNumber?: string | undefined;
    status?: string | undefined;
    subtotal?: number | undefined;
    tax?: number | undefined;
    total?: number | undefined;
    error?: string | undefined;
    /** Text of a JSON object, field to message. */
    fieldErrors?: string | undefined;
  }

  export interface ClientSummary {
    clientId: string;
    clientName: string;
    clientType?: string | undefined;
    isInactive: boolean;
    defaultCurrencyCode?: string | undefined;
    accountManagerId?: string | undefined;
    accountManagerName?: string | undefined;
    billingEmail?: string | undefined;
  }

  export interface ClientsListInput {
    search?: string | undefined;
    includeInactive?: boolean | undefined;
    page?: number | undefined;
    pageSize?: number | undefined;
  }

  export interface ClientsListResult {
    items: ClientSummary[];
    totalCount: number;
    page: number;
    pageSize: number;
  }

  export type ServiceItemKind = 'service' | 'product';
  export type ServiceBillingMethod = 'fixed' | 'hourly' | 'usage';

  export interface ServiceSummary {
    serviceId: string;
    serviceName: string;
    itemKind: ServiceItemKind;
    billingMethod: ServiceBillingMethod;
    serviceTypeId?: string | undefined;
    serviceTypeName?: string | undefined;
    defaultRate: number;
    unitOfMeasure: string;
    isActive: boolean;
    sku?: string | undefined;
  }

  export interface ServicesListInput {
    search?: string | undefined;
    itemKind?: ServiceItemKind | undefined;
    isActive?: boolean | undefined;
    billingMethod?: ServiceBillingMethod | undefined;
    page?: number | undefined;
    pageSize?: number | undefined;
  }

  export interface ServicesListResult {
    items: ServiceSummary[];
    totalCount: number;
    page: number;
    pageSize: number;
  }
}

/** Always granted. */
declare module 'alga:extension/context' {
  import type { ContextData } from 'alga:extension/types';
  export function getContext(): ContextData;
}

/** Needs `cap:secrets.get`. Throws {@link SecretError}. */
declare module 'alga:extension/secrets' {
  export function get(key: string): string;
  export function listKeys(): string[];
}

/** Needs `cap:http.fetch`. Throws {@link HttpError}. */
declare module 'alga:extension/http' {
  import type { HttpRequest, HttpResponse } from 'alga:extension/types';
  export function fetch(request: HttpRequest): HttpResponse;
}

/** Needs `cap:storage.kv`. Throws {@link StorageError}. A value may be 49,149 bytes long. */
declare module 'alga:extension/storage' {
  import type { StorageEntry } from 'alga:extension/types';
  export function get(namespace: string, key: string): StorageEntry;
  /** A `revision` that is not the stored one is refused with `conflict`. */
  export function put(entry: StorageEntry): StorageEntry;
  export { remove as delete };
  function remove(namespace: string, key: string): void;
  /** At most 25 entries, ordered by key. */
  export function listEntries(namespace: string, cursor?: string): StorageEntry[];
}

/** Always granted. */
declare module 'alga:extension/logging' {
  export function logInfo(message: string): void;
  export function logWarn(message: string): void;
  export function logError(message: string): void;
}

/** Needs `cap:ui.proxy`. Throws {@link ProxyError}. */
declare module 'alga:extension/ui-proxy' {
  export function callRoute(route: string, payload?: Uint8Array): Uint8Array;
}

/** Always granted. Throws {@link UserError}, for example when a schedule made the call. */
declare module 'alga:extension/user' {
  import type { UserData } from 'alga:extension/types';
  export function getUser(): UserData;
}

/** As `user`, with the client's id and free fields. */
declare module 'alga:extension/user-v2' {
  import type { UserDataV2 } from 'alga:extension/types';
  export function getUser(): UserDataV2;
}

/** Needs `cap:scheduler.manage`. The reading calls throw {@link SchedulerError}. */
declare module 'alga:extension/scheduler' {
  import type * as t from 'alga:extension/types';
  export function listSchedules(): t.ScheduleInfo[];
  export function getSchedule(scheduleId: string): t.ScheduleInfo | undefined;
  export function createSchedule(input: t.CreateScheduleInput): t.CreateScheduleResult;
  export function updateSchedule(scheduleId: string, input: t.UpdateScheduleInput): t.UpdateScheduleResult;
  export function deleteSchedule(scheduleId: string): t.DeleteScheduleResult;
  export function getEndpoints(): t.EndpointInfo[];
}

/** Needs `cap:invoice.manual.create`. */
declare module 'alga:extension/invoicing' {
  import type { CreateManualInvoiceInput, CreateManualInvoiceResult } from 'alga:extension/types';
  export function createManualInvoice(input: CreateManualInvoiceInput): CreateManualInvoiceResult;
}

/** Needs `cap:client.read`. Throws {@link ReadError}. */
declare module 'alga:extension/clients' {
  import type { ClientSummary, ClientsListInput, ClientsListResult } from 'alga:extension/types';
  export function listClients(input: ClientsListInput): ClientsListResult;
  export function getClient(clientId: string): ClientSummary | undefined;
}

/** Needs `cap:service.read`. Throws {@link ReadError}. */
declare module 'alga:extension/services' {
  import type { ServiceSummary, ServicesListInput, ServicesListResult } from 'alga:extension/types';
  export function listServices(input: ServicesListInput): ServicesListResult;
  export function getService(serviceId: string): ServiceSummary | undefined;
}
