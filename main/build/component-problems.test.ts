import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { componentProblem } from './component-problems.ts';
import { GUARD_LINES, GUARD_MARK } from './componentize-protocol.ts';

const SOURCE = `import { helper } from './helper';

function nameOf(config: { name?: { length: number } }) {
  return config.name!.length;
}
export const size = nameOf({}) + helper;
export const handler = () => size;
`;

let folder: string;
let map: string;
/** The bundle's place of a text of it. */
let placeOf: (text: string, moreLines?: number) => string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'component-problems-'));
  await mkdir(path.join(folder, 'src'));
  await writeFile(path.join(folder, 'src', 'handler.ts'), SOURCE);
  await writeFile(path.join(folder, 'src', 'helper.ts'), 'export const helper = 1;\n');
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['src/handler.ts'],
    outfile: path.join(folder, 'handler.js'),
    bundle: true,
    format: 'esm',
    write: false,
    sourcemap: 'external',
  });
  const textOf = (end: string) => outputFiles.find(file => file.path.endsWith(end))?.text ?? '';
  map = textOf('.map');
  const js = textOf('.js');
  placeOf = (text, moreLines = 0) => {
    const before = js.slice(0, js.indexOf(text)).split('\n');
    return `handler.js:${before.length + moreLines}:${(before.at(-1)?.length ?? 0) + 1}`;
  };
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const explain = (message: string, more: { guarded?: string; witFile?: string } = {}) =>
  componentProblem({ folder, entry: 'src/handler.ts', map, message, ...more });

const INIT = 'Failed to initialize component (wizer (/somewhere/wizer)):\n';

describe('componentProblem', () => {
  it('finds the author line of what throws outside functions', async () => {
    const problem = await explain(
      `${INIT}Exception while evaluating top-level script
${placeOf('return config')} TypeError: can't access property "length", config.name is undefined
Stack:
  nameOf@${placeOf('return config')}
  @${placeOf('nameOf({})')}`,
    );
    expect(problem).toMatchObject({
      code: 'build.top-level-throw',
      severity: 'error',
      file: 'src/handler.ts',
      line: 4,
      column: 3,
      message: expect.stringContaining('config.name is undefined') as string,
      frame: expect.stringContaining('> 4 |   return config.name!.length;') as string,
    });
  });

  it('takes thrown values that are no errors', async () => {
    const problem = await explain(
      `${INIT}Exception while evaluating top-level script\nuncaught exception: plain text\nStack:\n`,
    );
    expect(problem).toMatchObject({ code: 'build.top-level-throw', file: 'src/handler.ts' });
    expect(problem.message).toMatch(/: plain text$/);
  });

  it('names the call that a trap hid, from the guarded try', async () => {
    const trap = `${INIT}Error: the \`componentize.wizer\` function trapped`;
    const guarded = `${INIT}Exception while evaluating top-level script
${placeOf('nameOf({})', GUARD_LINES)} Error: ${GUARD_MARK}Math.random()`;
    expect(await explain(trap, { guarded })).toMatchObject({
      code: 'build.top-level-call',
      message: expect.stringContaining('Math.random()') as string,
      file: 'src/handler.ts',
      line: 6,
    });
  });

  it('says which WASI function was missing when the guard did not help', async () => {
    const message = `${INIT}Error: the \`componentize.wizer\` function trapped
Caused by: attempted to call an unknown imported function: 'wasi:clocks/x@0.2.10' 'now'`;
    expect(await explain(message, { guarded: '' })).toMatchObject({
      code: 'build.component-failed',
      message: expect.stringContaining('wasi:clocks/x@0.2.10 (now)') as string,
    });
  });

  it('knows timers and fetch outside functions', async () => {
    const message = `${INIT}Exception while evaluating top-level script
${placeOf('nameOf({})')} TypeError: fetch can only be used during request handling, not during initialization`;
    expect(await explain(message)).toMatchObject({
      code: 'build.top-level-call',
      message: expect.stringMatching(/^fetch is called/) as string,
      line: 6,
    });
  });

  it('knows functions that the platform does not have', async () => {
    const message = `${INIT}Exception while evaluating top-level script
handler.js:1:10 SyntaxError: The requested module '<internal>' doesn't provide an export named: 'getUsers'`;
    expect(await explain(message)).toMatchObject({
      code: 'build.unknown-host-function',
      message: expect.stringContaining('"getUsers"') as string,
    });
  });

  it('knows a handler that is not a function', async () => {
    const message = `Unable to extract expected exports list
Error: "source.js" does not export a "handler" function as expected by the world.`;
    expect(await explain(message)).toMatchObject({ code: 'build.missing-export', file: 'src/handler.ts' });
  });

  it('blames the WIT of the project, and not that of the workbench', async () => {
    const message = 'expected `world`, `interface` or `use`, found keyword `record`';
    const witFile = 'wit/extension-runner.wit';
    expect(await explain(message, { witFile })).toMatchObject({ code: 'build.invalid-wit', file: witFile });
    expect(await explain(message)).toMatchObject({ code: 'build.component-failed' });
  });
});
