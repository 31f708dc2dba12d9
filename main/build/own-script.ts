import path from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../contract/index.ts';
import { needsComponent } from '../manifest/index.ts';
import { StageFailure, type BuildRun, type Log, type Made } from './build-run.ts';
import {
  hashFile,
  hashParts,
  ignoreMissing,
  isFile,
  isFolder,
  listFiles,
  placeFile,
  relativePath,
} from './files.ts';
import { runNpm } from './npm.ts';
import { toolReport } from './tool-report.ts';

/** What a project's own build leaves behind; absolute paths. */
export interface OwnOutput {
  readonly component?: string;
  readonly uiDir?: string;
}

const Record = z.object({ tree: z.string() });

/**
 * Runs `npm run build` of a project that has such a script, `prebuild` and `postbuild` with it, and finds what it
 * made (spec/alga-platform.md 11.2 rule 5, 1.2). The script is not run again while no file of the project, its
 * outputs included, has changed since it last succeeded.
 *
 * @throws StageFailure when the script fails or leaves no component though the manifest needs one; `build.cancelled`
 */
export async function runOwnScript(run: BuildRun, log: Log): Promise<Made<OwnOutput>> {
  const known = await run.records.read('script', Record);
  const cached = known?.tree === (await hashTree(run));
  if (!cached) {
    log('This project has a build script of its own: it makes the component, at the pace of its own tools.');
    const { status, output } = await runNpm(run.folder, ['run', 'build'], run.toolchain, run.signal, log);
    if (status !== 0) throw new StageFailure([await scriptProblem(run, status, output)]);
  }
  const made = await findOutput(run);
  if (!cached) await run.records.write('script', { tree: await hashTree(run) });
  return { value: made, cached };
}

async function findOutput({ folder, manifest }: BuildRun): Promise<OwnOutput> {
  const main = path.join(folder, 'dist', 'main.wasm');
  const other = path.join(folder, 'dist', 'component.wasm');
  if (!(await isFile(main)) && (await isFile(other))) await placeFile(other, main);
  const hasComponent = await isFile(main);
  if (!hasComponent && needsComponent(manifest)) throw new StageFailure([noComponent]);
  const folders = [path.join(folder, 'dist', 'ui'), path.join(folder, 'ui')];
  const there = await Promise.all(folders.map(isFolder));
  const uiDir = folders.find((_, index) => there[index]);
  return { ...(hasComponent && { component: main }), ...(uiDir !== undefined && { uiDir }) };
}

const noComponent: Problem = {
  code: 'build.script-no-component',
  severity: 'error',
  message: 'The build script ended well, but there is no dist/main.wasm and no dist/component.wasm.',
  file: 'package.json',
  help: 'Let the script write the component there, or remove the script: Extension Workbench builds handlers itself.',
};

async function scriptProblem(
  { folder }: BuildRun,
  status: number | undefined,
  output: string,
): Promise<Problem> {
  const { reason, last, ...place } = await toolReport(folder, output);
  // A script that a signal ended has no status.
  const ending = status === undefined ? 'was ended by a signal' : `failed with exit status ${status}`;
  return {
    code: 'build.script-failed',
    severity: 'error',
    message: `The project's build script ${ending}: ${reason}`,
    file: 'package.json',
    ...place,
    help: `The build log has everything it said. It ended with: ${last}`,
  };
}

/**
 * Hash of everything of a project but installed packages, version control, hidden files and bundles.
 *
 * @param leftOut names at the top of the project that do not count either
 */
export async function hashTree(
  { folder, outFile }: BuildRun,
  leftOut: readonly string[] = [],
): Promise<string> {
  const bundle = relativePath(folder, outFile);
  const files = await listFiles(folder, (relative, isDirectory) => {
    const name = path.posix.basename(relative);
    if (name.startsWith('.') || (isDirectory && name === 'node_modules')) return true;
    if (leftOut.includes(relative)) return true;
    return relative === bundle || /\.tar\.zst$|\.sha256$/.test(relative);
  });
  const parts: string[] = [];
  for (const file of files) {
    parts.push(file, (await hashFile(path.join(folder, file)).catch(ignoreMissing)) ?? 'missing');
  }
  return hashParts(parts);
}
