import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../contract/index.ts';
import { StageFailure, type BuildRun, type Log, type Made } from './build-run.ts';
import { runProcess } from './child-process.ts';
import { hashParts, isFile, readIfThere } from './files.ts';
import { projectEnvironment } from './npm.ts';
import { hashTree } from './own-script.ts';
import { toolReport } from './tool-report.ts';
import type { BuiltUi } from './ui-esbuild.ts';

const FORMAT = 'vite-2';
const FILES = 'ui';
const CONFIGS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map(extension => `vite.config.${extension}`);

const VitePackage = z.object({ version: z.string(), bin: z.object({ vite: z.string() }) });

/** The project's own Vite: the script to run, and its version. */
export interface OwnVite {
  readonly script: string;
  readonly version: string;
}

/** The Vite that the project has installed, when it has. */
export async function ownVite(folder: string): Promise<OwnVite | undefined> {
  const home = path.join(folder, 'node_modules', 'vite');
  const text = await readIfThere(path.join(home, 'package.json'));
  const found = text === undefined ? undefined : VitePackage.safeParse(JSON.parse(text)).data;
  return found && { script: path.join(home, found.bin.vite), version: found.version };
}

/**
 * Builds the UI with the project's own Vite and configuration, in a child process; only the output folder and a
 * relative base are ours (spec/alga-ui-bridge.md 1.5). Nothing runs while no file of the project has changed.
 *
 * @param entry the page, relative to the project
 * @throws StageFailure with what Vite said; `build.cancelled`
 */
export async function buildWithVite(
  run: BuildRun,
  vite: OwnVite,
  entry: string,
  log: Log,
): Promise<Made<BuiltUi>> {
  // A configuration of the project decides; without one the page's own folder is the root.
  const root = (await viteConfig(run.folder)) === undefined ? [path.posix.dirname(entry)] : [];
  const lock = (await readIfThere(path.join(run.folder, 'node_modules', '.package-lock.json'))) ?? '';
  const key = hashParts([FORMAT, vite.version, ...root, lock, await hashTree(run, ['dist'])]);
  const found = await run.artifacts.find('ui', key);
  if (found !== undefined)
    return { value: { dir: path.join(found, FILES), key, warnings: [] }, cached: true };
  const made = await run.artifacts.create('ui', key, async staging => {
    const out = path.join(staging, FILES);
    await mkdir(out);
    const args = [vite.script, 'build', ...root, '--base', './', '--outDir', out, '--emptyOutDir'];
    const env = { ...projectEnvironment(process.env), ...run.toolchain.nodeEnv, NODE_ENV: 'production' };
    const command = {
      command: run.toolchain.nodePath,
      args,
      cwd: run.folder,
      env: { ...env, NO_COLOR: '1' },
    };
    const { status, output } = await runProcess(command, run.signal, log);
    if (status !== 0) throw new StageFailure([await viteProblem(run.folder, output)]);
    if (!(await isFile(path.join(out, 'index.html')))) throw new StageFailure([noPage(entry)]);
  });
  return { value: { dir: path.join(made, FILES), key, warnings: [] }, cached: false };
}

/** The Vite configuration at the top of a project, relative to it. */
export async function viteConfig(folder: string): Promise<string | undefined> {
  for (const config of CONFIGS) if (await isFile(path.join(folder, config))) return config;
  return undefined;
}

function noPage(entry: string): Problem {
  return {
    code: 'build.ui-no-page',
    severity: 'error',
    message: 'Vite made no index.html at the top of its output, the only page that the platform opens.',
    file: entry,
    help: 'Let `root` of the Vite configuration be the folder of index.html.',
  };
}

async function viteProblem(folder: string, output: string): Promise<Problem> {
  const { reason, last, ...place } = await toolReport(folder, output);
  return {
    code: 'build.ui-failed',
    severity: 'error',
    message: `Vite could not build the UI: ${reason}`,
    ...place,
    help: `The build log has everything it said. It ended with: ${last}`,
  };
}
