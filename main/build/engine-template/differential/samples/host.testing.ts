import type { Sample } from '../sample.testing.ts';

/** Each host interface, with answers and with errors; the host decides by the argument `fail`. */
export const HOST: readonly Sample[] = [
  {
    name: 'context and logging',
    source: `import { getContext } from 'alga:extension/context';
      import { logInfo, logWarn, logError } from 'alga:extension/logging';
      export function handler({ context }) {
        logInfo('one'); logWarn(''); logError('drei ✓ \\n line two');
        return answer([getContext(), JSON.stringify(getContext()) === JSON.stringify(context)]);
      }`,
  },
  {
    name: 'secrets',
    source: `import { get, listKeys } from 'alga:extension/secrets';
      const tried = f => { try { return f(); } catch (e) { return { name: e?.name, payload: e?.payload, text: String(e) }; } };
      export const handler = () => answer([tried(() => get('token')), tried(() => get('fail')), listKeys()]);`,
  },
  {
    name: 'http',
    source: `import { fetch } from 'alga:extension/http';
      export async function handler({ http }) {
        const request = { method: 'POST', url: http.url === '/fail' ? 'fail' : 'https://example.test/', headers: [{ name: 'a', value: 'b' }],
          body: http.url === '/none' ? undefined : new Uint8Array([1, 2, 3]) };
        try { const r = await fetch(request); return answer({ ...r, body: r.body && [...r.body] }); }
        catch (e) { return answer({ payload: e.payload, text: String(e) }, 502); }
      }`,
    requests: ['GET /', 'GET /none', 'GET /fail'],
  },
  {
    name: 'storage',
    source: `import { get, put, delete as remove, listEntries } from 'alga:extension/storage';
      const tried = f => { try { return f(); } catch (e) { return { payload: e?.payload }; } };
      const plain = e => e && { ...e, value: e.value && [...e.value], revision: String(e.revision) };
      export const handler = () => answer([
        plain(tried(() => get('n', 'k'))), tried(() => get('n', 'fail')),
        plain(tried(() => put({ namespace: 'n', key: 'k', value: new Uint8Array([9, 8]), revision: 7n }))),
        plain(tried(() => put({ namespace: 'n', key: 'k2', value: new Uint8Array() }))),
        tried(() => remove('n', 'k')) === undefined, tried(() => remove('n', 'fail')),
        tried(() => listEntries('n', 'c').map(plain)), tried(() => listEntries('n').length),
      ]);`,
  },
  {
    name: 'ui proxy',
    source: `import { callRoute } from 'alga:extension/ui-proxy';
      const tried = f => { try { return [...f()]; } catch (e) { return { payload: e?.payload }; } };
      export const handler = () => answer([tried(() => callRoute('/a')), tried(() => callRoute('/b', new Uint8Array([5]))), tried(() => callRoute('fail'))]);`,
  },
  {
    name: 'user, both shapes',
    source: `import { getUser } from 'alga:extension/user';
      import { getUser as getUser2 } from 'alga:extension/user-v2';
      export function handler() { return answer([getUser(), getUser2()]); }`,
  },
  {
    name: 'scheduler',
    source: `import * as scheduler from 'alga:extension/scheduler';
      export function handler() {
        return answer([Object.keys(scheduler).sort(), scheduler.listSchedules(), scheduler.getSchedule('s'),
          scheduler.createSchedule({ endpoint: '/e', cron: '* * * * *', enabled: true }),
          scheduler.updateSchedule('s', { cron: '0 * * * *' }), scheduler.deleteSchedule('s'), scheduler.getEndpoints()]);
      }`,
  },
  {
    name: 'invoicing, clients, services',
    source: `import { createManualInvoice } from 'alga:extension/invoicing';
      import { listClients, getClient } from 'alga:extension/clients';
      import { listServices, getService } from 'alga:extension/services';
      export function handler() {
        return answer([createManualInvoice({ clientId: 'c', items: [{ serviceId: 's', quantity: 1.5, description: 'd', rate: 100,
            discountType: 'fixed', isDiscount: false }], poNumber: 'p' }),
          listClients({ search: 'a', page: 2 }), getClient('c'), listServices({ itemKind: 'product', billingMethod: 'hourly' }), getService('s')]);
      }`,
  },
  {
    name: 'a host error that nobody catches',
    source: `import { get } from 'alga:extension/secrets';
      export const handler = () => answer(get('fail'));`,
  },
  {
    name: 'a wrong argument for the host',
    source: `import { logInfo } from 'alga:extension/logging';
      import { get } from 'alga:extension/storage';
      export function handler({ http }) { return answer(http.url === '/log' ? logInfo({ toString: () => 'told' }) ?? 'logged' : get(5)); }`,
    requests: ['GET /log', 'GET /'],
  },
  {
    name: 'many calls',
    source: `import { listKeys } from 'alga:extension/secrets';
      export function handler() { let n = 0; for (let i = 0; i < 500; i++) n += listKeys().length; return answer(n); }`,
  },
];
