import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../../../contract/index.ts';
import { createWorkplace, toolchain, WITHOUT_UI, type Workplace } from '../../projects.testing.ts';
import { createTemplateShop, type TemplateShop } from '../native.testing.ts';

const HANDLER = `export function handler(): object {
  return { status: 200, headers: [] };
}
`;

/** Handlers that cannot become components, each with the line that is to be told. */
const REFUSED: readonly (readonly [name: string, source: string])[] = [
  ['an exception', `function load(): never {\n  throw new TypeError('bad');\n}\nload();\n${HANDLER}`],
  [
    'something thrown that is no error',
    `const x: number[] = [];\nif (x.length === 0) throw { a: 1 };\n${HANDLER}`,
  ],
  ['a rejected promise', `await Promise.reject(new Error('no'));\n${HANDLER}`],
  [
    'an await that never ends, before the handler is there',
    `await new Promise(() => undefined);\nexport const handler = (): object => ({ status: 200, headers: [] });\n`,
  ],
  ['endless recursion', `const f = (n: number): number => 1 + f(n + 1);\nexport const n = f(0);\n${HANDLER}`],
  ['a handler that is no function', `export const handler = 5;\n`],
  [
    'a function that the platform lacks',
    `import { nope } from 'alga:extension/storage';\nnope();\n${HANDLER}`,
  ],
  ['random numbers', `\nexport const r = Math.random();\n${HANDLER}`],
  ['a random id', `export const id = crypto.randomUUID();\n${HANDLER}`],
  ['the time since the start', `export const t = performance.now();\n${HANDLER}`],
  ['a timer', `setTimeout(() => undefined, 1);\n${HANDLER}`],
  ['a request', `void fetch('https://example.test/');\n${HANDLER}`],
  [
    'a call of the host',
    `import { get } from 'alga:extension/storage';\nexport const v = get('a', 'b');\n${HANDLER}`,
  ],
  ['an error with a cause', `throw new Error('outer', { cause: new Error('inner') });\n${HANDLER}`],
  ['something thrown that hides its text', `throw { toString() { throw new Error('again'); } };\n${HANDLER}`],
  ['a name that is not there', `declare const nope: () => void;\nnope();\n${HANDLER}`],
  [
    'a regular expression that is none',
    `export const r = new RegExp('[b-a]');\nexport const s = '('.match('(');\n${HANDLER}`,
  ],
  [
    'an exception in a static block',
    `export class A {\n  static {\n    (A as unknown as { f(): void }).f();\n  }\n}\n${HANDLER}`,
  ],
  ['a handler that is missing', `export const other = 1;\n`],
];

let place: Workplace;
let shop: TemplateShop;
beforeAll(async () => {
  place = await createWorkplace();
  shop = await createTemplateShop();
}, 60_000);
afterAll(async () => {
  await shop.dispose();
  await place.dispose();
});

const shown = ({ code, message, severity, file, line, column, frame }: Problem): object => ({
  code,
  message,
  severity,
  file,
  line,
  column,
  frame,
});

test.each(REFUSED)(
  '%s is refused at its place',
  async (name, source) => {
    const folder = await place.project(name, { 'manifest.json': WITHOUT_UI, 'src/handler.ts': source });
    const { ok, problems } = await place.build(folder, { toolchain, templates: shop.templates });
    expect(ok).toBe(false);
    expect(problems).toEqual([
      expect.objectContaining({
        severity: 'error',
        file: 'src/handler.ts',
        help: expect.any(String) as string,
      }),
    ]);
  },
  60_000,
);

/** As many builds with the official tool, each tried twice, take minutes. */
describe.runIf(process.env['XWB_FULL'] === '1')('what the official tool refuses is told alike', () => {
  test.each(REFUSED)(
    '%s',
    async (name, source) => {
      const folder = await place.project(name, { 'manifest.json': WITHOUT_UI, 'src/handler.ts': source });
      const ours = await place.build(folder, { toolchain, templates: shop.templates });
      const official = await place.build(folder, { toolchain });
      expect(ours.ok).toBe(false);
      expect(ours.problems.map(shown)).toEqual(official.problems.map(shown));
    },
    180_000,
  );
});

test('an endless loop ends at the time limit, and a cancel ends it at once', async () => {
  const source = `for (let i = 0; ; i += 1) if (i < 0) break;\n${HANDLER}`;
  const folder = await place.project('loop', { 'manifest.json': WITHOUT_UI, 'src/handler.ts': source });
  const ended = await place.build(folder, { toolchain, templates: shop.templates });
  expect(ended.problems.map(({ code }) => code)).toEqual(['build.component-timeout']);
  const controller = new AbortController();
  const build = place.build(folder, {
    toolchain,
    templates: shop.templates,
    signal: controller.signal,
    onStage: ({ stage, state }) => {
      if (stage === 'component' && state === 'start') controller.abort();
    },
  });
  await expect(build).rejects.toMatchObject({ code: 'build.cancelled' });
}, 180_000);
