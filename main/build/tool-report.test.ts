import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolReport } from './tool-report.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tool report-'));
  await mkdir(path.join(folder, 'src'));
  await writeFile(path.join(folder, 'src', 'main.ts'), 'const a = 1;\nconst b = ;\n');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('toolReport', () => {
  it.each([
    [
      'Rolldown',
      'error during build:\nBuild failed with 1 error:\n\n[x] Unexpected token\n   ╭─[ src/main.ts:2:11 ]\n',
    ],
    [
      'Rollup',
      'error during build:\n[vite:esbuild] Transform failed with 1 error:\nsrc/main.ts:2:11: ERROR: Unexpected ";"\n',
    ],
    [
      'tsc',
      `src/main.ts(2,11): error TS1109\n    at x (node_modules/x.ts:1:1)\nError: Unexpected (src/main.ts:2:11)\n`,
    ],
    ['an absolute path', 'Error: Unexpected thing in FOLDER/src/main.ts:2:11\n'],
  ])('reads %s', async (_, output) => {
    const report = await toolReport(folder, output.replace('FOLDER', folder));
    expect(report).toMatchObject({ file: 'src/main.ts', line: 2, column: 11 });
    expect(report.frame).toContain('> 2 | const b = ;');
    expect(report.reason).toMatch(/Unexpected|TS1109/);
  });

  it('leaves out places that are no files of the project', async () => {
    const report = await toolReport(folder, 'error in src/other.ts:1:1 and /elsewhere/a.ts:1:1\n');
    expect(report.file).toBeUndefined();
    expect(await toolReport(folder, '')).toMatchObject({ reason: 'it said nothing.' });
  });
});
