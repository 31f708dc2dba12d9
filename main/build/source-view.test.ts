import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../contract/index.ts';
import { openSourceView, type SourceView } from './source-view.ts';

const HANDLER = `import { inner } from './inner.ts';

export function handler(request: { http: { url: string } }) {
  return inner(request.http.url);
}
`;
const INNER = `export function inner(url: string): never {
  throw new TypeError(\`no \${url}\`);
}
`;

let folder: string;
let view: SourceView;
/** Where the bundle throws, as the engine would say it. */
let thrown: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'source view-'));
  await writeFile(path.join(folder, 'handler.ts'), HANDLER);
  await writeFile(path.join(folder, 'inner.ts'), INNER);
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['handler.ts'],
    outfile: path.join(folder, 'handler.js'),
    bundle: true,
    format: 'esm',
    minifyWhitespace: true,
    sourcemap: 'external',
    write: false,
  });
  const [map, js] = outputFiles;
  if (!map || !js) throw new Error('esbuild made nothing');
  const lines = js.text.split('\n');
  const row = lines.findIndex(line => line.includes('new TypeError'));
  thrown = `handler.js:${row + 1}:${(lines[row] ?? '').indexOf('new TypeError') + 1}`;
  view = openSourceView(map.text);
});
afterAll(() => rm(folder, { recursive: true }));

const END = 'Redirecting call to abort() to mozalloc_abort\n';
const AROUND = '  export_handler@/xwb-bindings/initializer.js:3016:15\n';
const fault = (stderr: string): Fault =>
  view.fault({ code: 'guest.trap', message: 'The extension trapped.', detail: '', stderr });

test('what the engine says about itself is left out', () => {
  expect(view.text('Redirecting call to abort() to mozalloc_abort')).toBeUndefined();
  expect(view.text('  export_handler@/xwb-bindings/initializer.js:3016:15')).toBeUndefined();
  expect(view.text('')).toBe('');
});

test('a logged stack leads to the author’s files', () => {
  expect(view.text(`inner@${thrown} and more`)).toBe('inner@inner.ts:2:9 and more');
  expect(view.text('handler.js:900:1 is nowhere')).toBe('handler.js:900:1 is nowhere');
});

describe('an uncaught exception', () => {
  test('is told with message, place and stack; the bindings are left out', () => {
    const told = fault(`noise\nno /x\nStack:\n  inner@${thrown}\n${AROUND}\n${END}`);
    expect(told).toMatchObject({ code: 'guest.trap', message: 'Uncaught exception: no /x (inner.ts:2:9)' });
    expect(told.exception).toEqual({
      message: 'no /x',
      stack: [{ function: 'inner', file: 'inner.ts', line: 2, column: 9 }],
    });
    expect(told.stderr).toContain('inner@inner.ts:2:9');
  });

  test('with a cause is told by its own message and stack', () => {
    const told = fault(
      `outer\nStack:\n  inner@${thrown}\n${AROUND}\nCaused by: deep\nStack:\n  deep@${thrown}\n\n${END}`,
    );
    expect(told.exception?.message).toBe('outer');
    expect(told.exception?.stack.map(frame => frame.function)).toEqual(['inner']);
  });

  test('after an await keeps the function’s name', () => {
    const told = fault(`late\nStack:\n  async*inner@${thrown}\n\n${END}`);
    expect(told.exception?.stack[0]?.function).toBe('inner');
  });

  test('that is not an Error has no stack', () => {
    expect(fault(`"just text"\n${END}`).exception).toEqual({ message: '"just text"', stack: [] });
  });

  test('of the bindings says what is wrong with the answer', () => {
    const told = fault(
      `ret is undefined\nStack:\n  export_handler@/xwb-bindings/initializer.js:1:1\n\n${END}`,
    );
    expect(told.exception).toEqual({
      message: 'what the handler returned is no response: ret is undefined',
      stack: [],
    });
  });

  test('that repeats itself is cut', () => {
    const told = fault(`too much recursion\nStack:\n${`  inner@${thrown}\n`.repeat(128)}\n${END}`);
    expect(told.exception?.stack).toHaveLength(32);
  });
});

test('another fault, or one that said nothing, stays as it is', () => {
  expect(fault('a line of the console\n')).not.toHaveProperty('exception');
  expect(fault(END)).not.toHaveProperty('exception');
  const silent = { code: 'guest.timeout', message: 'Too slow.', detail: '' };
  expect(view.fault(silent)).toEqual(silent);
});
