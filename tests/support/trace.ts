import type { Page } from 'playwright';
import { expect } from 'vitest';

/** Waits for the first log line of the traffic and expects every kind of hop of one click in its trace. */
export async function expectWholeTrace(page: Page): Promise<void> {
  const log = page.locator('[role="row"][data-kind="log"]').first();
  await log.waitFor();
  const hops = page.locator(`[role="row"][data-trace="${await log.getAttribute('data-trace')}"]`);
  // The page reports its message once it is answered, so it comes last.
  await expect
    .poll(async () => new Set(await hops.evaluateAll(rows => rows.map(row => row.getAttribute('data-kind')))))
    .toEqual(new Set(['message', 'gateway', 'handler', 'host-call', 'log']));
}
