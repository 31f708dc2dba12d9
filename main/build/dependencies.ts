import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { sourceFrame, type Problem } from '../../contract/index.ts';
import { StageFailure, type BuildRun, type Log, type Made } from './build-run.ts';
import { isFolder, readIfThere } from './files.ts';
import { npmReason, runNpm } from './npm.ts';
import { satisfies } from './version-range.ts';

const Ranges = z.record(z.string(), z.string()).catch({});
const PackageFile = z.object({ dependencies: Ranges.optional(), devDependencies: Ranges.optional() });
const Version = z.object({ version: z.string() });

/**
 * Sees to it that the project's packages can be found, with `npm install` only when they cannot. A project that we
 * bundle ourselves may use the packages that came with the workbench; one with a build script of its own needs its
 * own folder (spec/alga-platform.md 11.2 rule 4). Nothing to do counts as cached.
 *
 * @throws StageFailure with npm's reason; `build.cancelled`
 */
export async function installDependencies(run: BuildRun, log: Log): Promise<Made<undefined>> {
  const declared = PackageFile.parse(run.project.packageJson ?? {});
  const missing = await missingPackages(run, declared);
  if (missing.length === 0) return { value: undefined, cached: true };
  if (run.offline) throw new StageFailure([await problem(run, missing, 'npm may not be run in this build.')]);
  log(`npm install (for ${missing.join(', ')})`);
  const { status, output } = await runNpm(run.folder, ['install'], run.toolchain, run.signal, log);
  if (status !== 0) throw new StageFailure([await problem(run, missing, npmReason(output))]);
  return { value: undefined, cached: false };
}

async function missingPackages(run: BuildRun, declared: z.infer<typeof PackageFile>): Promise<string[]> {
  const { dependencies = {}, devDependencies = {} } = declared;
  const own = path.join(run.folder, 'node_modules');
  if (run.project.shape.buildScript !== undefined) {
    if (await isFolder(own)) return [];
    return Object.keys({ ...dependencies, ...devDependencies });
  }
  const missing = await unresolved(own, dependencies);
  if (missing.length === 0) return [];
  // All or nothing: half of each would bundle some packages twice, React among them.
  const noneOfOwn = missing.length === Object.keys(dependencies).length;
  const brought = noneOfOwn && (await unresolved(run.toolchain.modulesDir, dependencies)).length === 0;
  return brought ? [] : missing;
}

/** The packages of which the folder has no version in the range. */
async function unresolved(modules: string, ranges: Readonly<Record<string, string>>): Promise<string[]> {
  const checked = await Promise.all(
    Object.entries(ranges).map(async ([name, range]) => {
      const text = await readIfThere(path.join(modules, name, 'package.json'));
      const found = text === undefined ? undefined : Version.safeParse(JSON.parse(text)).data;
      return { name, there: found !== undefined && satisfies(found.version, range) };
    }),
  );
  return checked.filter(each => !each.there).map(each => each.name);
}

async function problem({ folder }: BuildRun, missing: readonly string[], reason: string): Promise<Problem> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8');
  const named = missing.find(name => reason.includes(name)) ?? missing[0] ?? '';
  const at = text.indexOf(JSON.stringify(named));
  const before = text.slice(0, Math.max(at, 0)).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  return {
    code: 'build.dependencies-failed',
    severity: 'error',
    message: `The packages ${missing.join(', ')} could not be installed: ${reason}`,
    file: 'package.json',
    line,
    column,
    frame: sourceFrame(text, line, column),
    help: 'Check the names and versions, and that the npm registry can be reached.',
  };
}
