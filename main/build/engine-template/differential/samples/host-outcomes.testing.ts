import type { Sample } from '../sample.testing.ts';

/** Each host function with the arguments of a call and the errors that its type allows. */
const FUNCTIONS: readonly (readonly [interfaceName: string, name: string, args: string, errors: string])[] = [
  ['context', 'getContext', '', ''],
  ['secrets', 'get', `'token'`, 'missing denied expired internal'],
  ['secrets', 'listKeys', '', ''],
  [
    'http',
    'fetch',
    `{ method: 'GET', url: 'https://example.test/ü', headers: [{ name: 'a', value: '1' }, { name: 'A', value: '2' }] }`,
    'invalid-url not-allowed transport internal',
  ],
  ['storage', 'get', `'n', 'k'`, 'missing conflict denied internal'],
  [
    'storage',
    'put',
    `{ namespace: 'n', key: 'k', value: new Uint8Array([0, 255]), revision: 18446744073709551615n }`,
    'missing conflict denied internal',
  ],
  ['storage', 'delete', `'n', ''`, 'missing conflict denied internal'],
  ['storage', 'listEntries', `'n', undefined`, 'missing conflict denied internal'],
  ['logging', 'logInfo', `'info \\u2028 😀'`, ''],
  ['logging', 'logWarn', `'w'.repeat(3000)`, ''],
  ['logging', 'logError', `'a\\n\\nb'`, ''],
  ['ui-proxy', 'callRoute', `'/route?x', new Uint8Array([1])`, 'route-not-found denied bad-request internal'],
  ['user', 'getUser', '', 'not-available not-allowed'],
  ['user-v2', 'getUser', '', 'not-available not-allowed'],
  ['scheduler', 'listSchedules', '', 'not-found denied internal'],
  ['scheduler', 'getSchedule', `'s'`, 'not-found validation-failed quota-exceeded denied internal'],
  [
    'scheduler',
    'createSchedule',
    `{ endpoint: '/e', cron: '* * * * *', timezone: 'UTC', enabled: false, name: 'n', payload: '{}' }`,
    '',
  ],
  ['scheduler', 'updateSchedule', `'s', {}`, ''],
  ['scheduler', 'deleteSchedule', `'s'`, ''],
  ['scheduler', 'getEndpoints', '', 'denied internal'],
  [
    'invoicing',
    'createManualInvoice',
    `{ clientId: 'c', items: [], invoiceDate: '2026-08-01', dueDate: undefined }`,
    '',
  ],
  ['clients', 'listClients', `{}`, 'not-allowed invalid-input internal'],
  ['clients', 'getClient', `'c'`, 'not-allowed invalid-input internal'],
  [
    'services',
    'listServices',
    `{ isActive: false, page: 4294967295, pageSize: 0 }`,
    'not-allowed invalid-input internal',
  ],
  ['services', 'getService', `''`, 'not-allowed invalid-input internal'],
];

const outcomes: readonly Sample[] = FUNCTIONS.map(([interfaceName, name, args, errors]) => ({
  name: `host: ${interfaceName}.${name}`,
  source: `import { ${name} as call } from 'alga:extension/${interfaceName}';
    export async function handler({ http }) {
      try { const value = await call(${args}); return answer({ value, keys: value && Object.keys(value).length }); }
      catch (e) {
        if (http.method === 'PUT') throw e;
        return answer([e?.constructor?.name, e instanceof Error, e?.payload, e?.message, String(e)], 502);
      }
    }`,
  requests: [
    'GET /',
    'GET /full',
    'GET /empty',
    ...errors.split(' ').flatMap(error => (error === '' ? [] : [`GET /error/${error}`])),
    ...(errors === '' ? [] : [`PUT /error/${errors.split(' ').at(-1) ?? ''}`]),
  ],
}));

/** Arguments of wrong types, one after the other, for the functions that take any. */
const WRONG = `[undefined, null, 5, NaN, 'x', '', '\\ud800', [], {}, Symbol('s'), 1n, () => 1, { toString() { throw new Error('toString'); } }, new Uint8Array(2), new Date(0)]`;

const wrongArguments: readonly Sample[] = [
  ['secrets', 'get', 'call(wrong)'],
  ['logging', 'logInfo', 'call(wrong)'],
  ['http', 'fetch', 'call(wrong)'],
  ['http', 'fetch', `call({ method: wrong, url: wrong, headers: [], body: wrong })`],
  ['http', 'fetch', `call({ method: 'GET', url: 'u', headers: wrong })`],
  ['storage', 'put', `call({ namespace: 'n', key: 'k', value: wrong })`],
  ['storage', 'put', `call({ namespace: 'n', key: 'k', value: new Uint8Array(1), revision: wrong })`],
  ['storage', 'listEntries', `call('n', wrong)`],
  ['ui-proxy', 'callRoute', `call('/r', wrong)`],
  ['scheduler', 'createSchedule', `call({ endpoint: '/e', cron: '*', enabled: wrong, name: wrong })`],
  [
    'invoicing',
    'createManualInvoice',
    `call({ clientId: 'c', items: [{ serviceId: 's', quantity: wrong, description: 'd', rate: 1, discountType: wrong }] })`,
  ],
  ['clients', 'listClients', `call({ page: wrong, includeInactive: wrong })`],
  ['services', 'listServices', `call({ itemKind: wrong })`],
].map(([interfaceName = '', name = '', call = ''], index) => ({
  name: `host: wrong arguments ${index + 1}, ${interfaceName}.${name}`,
  source: `import { ${name} as call } from 'alga:extension/${interfaceName}';
    const all = ${WRONG};
    export async function handler({ http }) {
      const wrong = all[Number(http.url.slice(1))];
      return answer(await Promise.resolve().then(() => ${call}).then(value => ({ value }), e => ({ name: e?.name, message: e?.message, payload: e?.payload })));
    }`,
  requests: Array.from({ length: 15 }, (_, at) => `GET /${at}`),
}));

/** Every host function with each outcome that its type allows, and with arguments that its type does not. */
export const HOST_OUTCOMES: readonly Sample[] = [...outcomes, ...wrongArguments];
