import type { InvoiceItemRequest } from './invoice-rules.ts';

/** Amounts in minor currency units. */
export interface InvoiceAmounts {
  /** One for each item, in their order; discounts are negative. */
  readonly lines: readonly number[];
  readonly subtotal: number;
  readonly tax: number;
  readonly total: number;
}

/**
 * Amounts of a draft. Rates are rounded first (spec 9.6). A percentage is taken of the items of the service it applies to,
 * else of all that are no discounts; an item id means nothing yet in a draft being made. The local tenant has no taxes.
 */
export function amountsOf(items: readonly InvoiceItemRequest[]): InvoiceAmounts {
  const charges = items.filter(item => item.isDiscount !== true);
  const lines = items.map(item => {
    if (item.isDiscount !== true) return chargeOf(item);
    if (item.discountType === 'fixed') return -chargeOf(item);
    const { appliesToServiceId } = item;
    const base = charges.filter(
      each => appliesToServiceId === undefined || each.serviceId === appliesToServiceId,
    );
    return -Math.round((sum(base.map(chargeOf)) * item.rate) / 100);
  });
  const subtotal = sum(lines);
  const tax = 0;
  return { lines, subtotal, tax, total: subtotal + tax };
}

function chargeOf({ quantity, rate }: InvoiceItemRequest): number {
  return Math.round(quantity * Math.round(rate));
}

/** Adding to 0 also turns the −0 of an empty discount into 0. */
function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
