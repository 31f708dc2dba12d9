import { PlatformError } from './platform-error.ts';

/** One line as the runner sends it: absent options left out, numbers finite. */
export interface InvoiceItemRequest {
  readonly serviceId: string;
  readonly quantity: number;
  readonly description: string;
  readonly rate: number;
  readonly isDiscount?: boolean | undefined;
  readonly discountType?: 'percentage' | 'fixed' | undefined;
  readonly appliesToItemId?: string | undefined;
  readonly appliesToServiceId?: string | undefined;
}

/** The request of `createManualInvoice` (spec section 9.6). */
export interface InvoiceRequest {
  readonly clientId: string;
  readonly items: readonly InvoiceItemRequest[];
  readonly invoiceDate?: string | undefined;
  readonly dueDate?: string | undefined;
  readonly poNumber?: string | undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MAX_DESCRIPTION = 500;
const MAX_PO_NUMBER = 128;
const MAX_PERCENTAGE = 100;

/** Message of each field that breaks a rule; one rule, the first broken, for each field. */
export type FieldErrors = Record<string, string>;

/** The answer to a request whose fields break rules. */
export function invalidInvoice(fieldErrors: FieldErrors): PlatformError {
  return new PlatformError(400, 'Validation error', { fieldErrors });
}

/** Throws {@link invalidInvoice} when a field breaks a rule of spec 9.6; dates are looked at by pattern only. */
export function checkInvoice(request: InvoiceRequest): void {
  const errors: FieldErrors = {};
  const check = (field: string, ...messages: (string | undefined)[]): void => {
    const message = messages.find(each => each !== undefined);
    if (message !== undefined) errors[field] = message;
  };
  check('clientId', required(request.clientId), uuid(request.clientId));
  check('items', request.items.length === 0 ? 'Must include at least one item' : undefined);
  for (const [index, item] of request.items.entries()) {
    for (const [field, message] of Object.entries(brokenIn(item))) check(`items[${index}].${field}`, message);
  }
  check('invoiceDate', date(request.invoiceDate));
  check('dueDate', date(request.dueDate));
  check('poNumber', tooLong(request.poNumber, MAX_PO_NUMBER));
  if (Object.keys(errors).length > 0) throw invalidInvoice(errors);
}

function brokenIn(item: InvoiceItemRequest): Record<string, string | undefined> {
  const { appliesToItemId, appliesToServiceId } = item;
  const both = appliesToItemId !== undefined && appliesToServiceId !== undefined;
  return {
    serviceId: required(item.serviceId) ?? uuid(item.serviceId),
    description: required(item.description) ?? tooLong(item.description, MAX_DESCRIPTION),
    quantity: item.quantity > 0 ? undefined : 'Must be greater than zero',
    rate: rateRule(item),
    discountType: discountTypeRule(item),
    appliesToItemId: target(item, appliesToItemId),
    appliesToServiceId:
      target(item, appliesToServiceId) ?? (both ? 'Only one of the two targets is allowed' : undefined),
  };
}

function required(value: string): string | undefined {
  return value === '' ? 'Required' : undefined;
}

function uuid(value: string): string | undefined {
  return UUID.test(value) ? undefined : 'Invalid UUID';
}

function tooLong(value: string | undefined, max: number): string | undefined {
  return value !== undefined && value.length > max ? 'Too long' : undefined;
}

function date(value: string | undefined): string | undefined {
  return value === undefined || DATE.test(value) ? undefined : 'Must be YYYY-MM-DD';
}

function rateRule({ rate, isDiscount, discountType }: InvoiceItemRequest): string | undefined {
  if (rate < 0) return 'Must not be negative';
  const percentage = isDiscount === true && discountType === 'percentage';
  return percentage && rate > MAX_PERCENTAGE ? 'A percentage is 0 to 100' : undefined;
}

function discountTypeRule({ isDiscount, discountType }: InvoiceItemRequest): string | undefined {
  if (isDiscount === true) return discountType === undefined ? 'Required for a discount' : undefined;
  return discountType === undefined ? undefined : 'Only a discount has a type';
}

function target({ isDiscount }: InvoiceItemRequest, id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  return isDiscount === true ? uuid(id) : 'Only a discount applies to something';
}
