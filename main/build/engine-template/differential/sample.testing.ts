/** A handler for the comparison with official builds. */
export interface Sample {
  readonly name: string;
  readonly source: string;
  /** `METHOD /path body`; `GET /` alone when not given. */
  readonly requests?: readonly string[];
}

/**
 * What samples may use without saying so: `answer(value, status?)` makes a JSON response, `shown(value)` a JSON value of
 * what JSON lacks, `attempt(work)` the result or what was thrown.
 */
export const PRELUDE = `const shown = value => JSON.parse(JSON.stringify(value, (_, v) =>
  typeof v === 'bigint' ? v + 'n' : ArrayBuffer.isView(v) ? [v.constructor.name, ...v].map(String)
    : typeof v === 'symbol' || typeof v === 'function' ? typeof v : Object.is(v, -0) ? '-0'
    : typeof v === 'number' && !Number.isFinite(v) ? String(v) : v === undefined ? 'undefined' : v) ?? 'null');
const answer = (value, status = 200) => ({
  status,
  headers: [{ name: 'content-type', value: 'application/json' }],
  body: new TextEncoder().encode(JSON.stringify(shown(value))),
});
const attempt = work => {
  try { return { value: work() }; } catch (e) { return { name: e?.name, message: e?.message, payload: e?.payload, text: String(e) }; }
};
`;

/** Samples that answer with the value of one expression each. */
export function expressions(table: Readonly<Record<string, string>>): Sample[] {
  return Object.entries(table).map(([name, expression]) => ({
    name,
    source: `export const handler = () => answer(${expression});`,
  }));
}

/**
 * Samples that make a value while the source is loaded and look at it during the request; the loaded memory holds it
 * meanwhile.
 */
export function kept(
  table: Readonly<Record<string, readonly [setup: string, expression: string]>>,
): Sample[] {
  return Object.entries(table).map(([name, [setup, expression]]) => ({
    name,
    source: `${setup}\nexport async function handler({ context, http }) { return answer(await (${expression})); }`,
    requests: ['GET /', 'POST /2 body'],
  }));
}
