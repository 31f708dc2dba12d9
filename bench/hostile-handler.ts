/** A handler that does harm, each kind by its path; `/x` is a harmless call. */
export const HOSTILE_HANDLER = `
import { listClients, getClient } from 'alga:extension/clients';
import { fetch } from 'alga:extension/http';
import { createManualInvoice } from 'alga:extension/invoicing';
import { logError, logInfo, logWarn } from 'alga:extension/logging';
import { createSchedule, deleteSchedule, getSchedule, updateSchedule } from 'alga:extension/scheduler';
import { get as getSecret, listKeys } from 'alga:extension/secrets';
import { listServices, getService } from 'alga:extension/services';
import { delete as drop, get, listEntries, put } from 'alga:extension/storage';
import { callRoute } from 'alga:extension/ui-proxy';

const json = value => ({ status: 200, headers: [{ name: 'content-type', value: 'application/json' }], body: new TextEncoder().encode(JSON.stringify(value)) });
const bad = 'a\\ud800b\\udc00';
const bytes = new Uint8Array(1);
const item = { serviceId: bad, quantity: 1, description: bad, rate: 1, appliesToItemId: bad, appliesToServiceId: bad };
const schedule = { endpoint: bad, cron: bad, timezone: bad, name: bad, payload: bad };
// Every function that takes a string, with a lone surrogate in each.
const everyString = [
  () => logInfo(bad), () => logWarn(bad), () => logError(bad),
  () => getSecret(bad),
  () => fetch({ method: bad, url: bad, headers: [{ name: bad, value: bad }] }),
  () => get(bad, bad), () => put({ namespace: bad, key: bad, value: bytes }), () => drop(bad, bad), () => listEntries(bad, bad),
  () => callRoute(bad, bytes),
  () => getSchedule(bad), () => createSchedule(schedule), () => updateSchedule(bad, schedule), () => deleteSchedule(bad),
  () => createManualInvoice({ clientId: bad, items: [item], invoiceDate: bad, dueDate: bad, poNumber: bad }),
  () => listClients({ search: bad }), () => getClient(bad),
  () => listServices({ search: bad }), () => getService(bad),
];
const hostile = {
  '/loop': () => { for (;;) {} },
  '/memory': () => { const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1)); },
  '/hold': () => { const all = []; for (let i = 0; i < 24; i++) all.push(new Uint8Array(1 << 20).fill(1)); for (;;) {} },
  '/recursion': () => { const down = n => down(n + 1) + 1; return json(down(0)); },
  '/flood': () => { for (;;) listKeys(); },
  // The engine copies a string byte by byte, at some 200 ns each: this takes a quarter of a second.
  '/log': () => { logInfo('x'.repeat(5 << 18)); for (let i = 0; i < 100; i++) logInfo('more'); return json('logged'); },
  '/response': () => ({ status: 200, headers: [], body: new Uint8Array(40_000_000) }),
  '/headers': () => ({ status: 200, headers: Array.from({ length: 11_000 }, (_, i) => ({ name: 'x-' + i, value: 'v' })) }),
  '/surrogates': () => {
    for (const call of everyString) { try { call(); } catch { /* the host's own answer */ } }
    return { status: 200, headers: [{ name: bad, value: bad }] };
  },
  '/blocked': () => json(get('n', 'never')),
};
export function handler({ http }) {
  return (hostile[http.url] ?? json)(http.url);
}`;
