import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, version as esbuildVersion, type BuildOptions, type BuildResult, type Plugin } from 'esbuild';
import { z } from 'zod';
import { Problem, sourceFrame } from '../../contract/index.ts';
import { StageFailure, type BuildRun, type Made } from './build-run.ts';
import { esbuildErrors, esbuildProblems } from './esbuild-problems.ts';
import { hashParts } from './files.ts';
import { hashInputs, InputList, inputsOf } from './inputs.ts';
import type { World } from './world.ts';

/** The handler as one module, ready to become a component. */
export interface BundledHandler {
  readonly js: string;
  /** Source map; its sources are relative to the project. */
  readonly map: string;
  readonly warnings: readonly Problem[];
}

/** The problem of a project that declares endpoints and has no handler. */
export const NO_HANDLER: Problem = {
  code: 'build.no-handler',
  severity: 'error',
  message: 'The manifest declares endpoints, but there is no handler to answer them.',
  file: 'manifest.json',
  help: 'Write src/handler.ts and export `handler` from it, or remove `api.endpoints`.',
};

/** Changes whenever the options below do: older results do not count then. */
const FORMAT = 'handler-3';
const JS = 'handler.js';
const MAP = 'handler.js.map';
const WARNINGS = 'warnings.json';
const EXPORT = 'handler';
const SCHEME = 'alga:';
const PREFIX = `${SCHEME}extension/`;

const Record = z.object({ entry: z.string(), inputs: InputList });

/**
 * {@link bundleHandler}, or its earlier result when the handler's inputs have not changed since.
 *
 * @param entry of the handler, relative to the project
 */
export async function findOrBundleHandler(
  run: BuildRun,
  entry: string,
  world: World,
): Promise<Made<BundledHandler>> {
  const known = await run.records.read('handler', Record);
  if (known?.entry === entry) {
    const found = await run.artifacts.find('handler', await keyOf(run, entry, known.inputs, world));
    if (found !== undefined) return { value: await load(found), cached: true };
  }
  const { inputs, ...handler } = await bundleHandler(run, entry, world);
  const key = await keyOf(run, entry, inputs, world);
  await run.artifacts.create('handler', key, async staging => {
    await writeFile(path.join(staging, JS), handler.js);
    await writeFile(path.join(staging, MAP), handler.map);
    await writeFile(path.join(staging, WARNINGS), JSON.stringify(handler.warnings));
  });
  await run.records.write('handler', { entry, inputs });
  return { value: handler, cached: false };
}

/**
 * Bundles the handler and what it imports into one module; only `alga:extension/*` stays outside
 * (spec/alga-platform.md 3.6, Bundling). Throws `StageFailure` with the problems in the author's source.
 *
 * @param entry of the handler, relative to the project
 * @returns the module, and what it was made of
 */
export async function bundleHandler(
  run: BuildRun,
  entry: string,
  world: World,
): Promise<BundledHandler & { readonly inputs: InputList }> {
  let result = await bundle(run, entry, { external: [`${SCHEME}*`] });
  // Asking for each import would cost every build a few milliseconds; this one fails, and says where.
  if (hasUnknownImport(result, world))
    result = await bundle(run, entry, { plugins: [hostInterfaces(world)] });
  await checkExport(run, entry, result);
  const [map, js] = result.outputFiles;
  if (!js || !map) throw new Error('esbuild made no module.');
  return {
    js: js.text,
    map: map.text,
    warnings: await esbuildProblems(run.folder, result.warnings, 'warning'),
    inputs: inputsOf(run.folder, result.metafile),
  };
}

type Bundled = BuildResult<{ metafile: true; write: false }>;

async function bundle(
  { folder, toolchain }: BuildRun,
  entry: string,
  outside: Pick<BuildOptions, 'external' | 'plugins'>,
): Promise<Bundled> {
  try {
    return await build({
      absWorkingDir: folder,
      entryPoints: [entry],
      outfile: path.join(folder, JS),
      write: false,
      metafile: true,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['module'],
      target: 'es2022',
      nodePaths: [toolchain.modulesDir],
      // Without white space there are no comments with paths either, which would tell two folders apart.
      minifyWhitespace: true,
      lineLimit: 200,
      legalComments: 'none',
      sourcemap: 'external',
      define: { 'process.env.NODE_ENV': '"production"' },
      ...outside,
      logLevel: 'silent',
    });
  } catch (error) {
    const errors = esbuildErrors(error);
    if (!errors) throw error;
    throw new StageFailure(await esbuildProblems(folder, errors, 'error'));
  }
}

/** Whether the platform has a module of that name. */
function isKnown(specifier: string, { interfaces }: World): boolean {
  if (!specifier.startsWith(PREFIX)) return false;
  return interfaces.length === 0 || interfaces.includes(specifier.slice(PREFIX.length));
}

function hasUnknownImport({ metafile }: Bundled, world: World): boolean {
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
  return imported.some(({ path: specifier }) => specifier.startsWith(SCHEME) && !isKnown(specifier, world));
}

/** Leaves the platform's modules to the platform, and refuses the ones that it does not have. */
function hostInterfaces(world: World): Plugin {
  return {
    name: 'host-interfaces',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^alga:/ }, ({ path: specifier }) => {
        if (isKnown(specifier, world)) return { path: specifier, external: true };
        const text = `The platform has no "${specifier}"`;
        const names = world.interfaces.map(each => PREFIX + each).join(', ');
        return {
          errors: [{ detail: 'build.unknown-interface', text, notes: [{ text: `It has ${names}.` }] }],
        };
      });
    },
  };
}

async function checkExport({ folder }: BuildRun, entry: string, { metafile }: Bundled): Promise<void> {
  const output = Object.values(metafile.outputs).find(each => each.entryPoint !== undefined);
  if (!output || output.exports.includes(EXPORT)) return;
  const others = output.exports.length > 0 ? ` It exports ${output.exports.join(', ')}.` : '';
  throw new StageFailure([
    {
      code: 'build.missing-export',
      severity: 'error',
      message: `${entry} does not export "${EXPORT}", the function that the platform calls.${others}`,
      file: entry,
      line: 1,
      column: 1,
      frame: sourceFrame(await readFile(path.join(folder, entry), 'utf8'), 1, 1),
      help: 'Add `export function handler(request) { … }`.',
    },
  ]);
}

async function keyOf(run: BuildRun, entry: string, inputs: InputList, world: World): Promise<string> {
  const sources = await hashInputs(run.folder, inputs);
  return hashParts([FORMAT, esbuildVersion, run.toolchain.modulesDir, entry, sources, ...world.interfaces]);
}

async function load(folder: string): Promise<BundledHandler> {
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  const [js, map, warnings] = await Promise.all([read(JS), read(MAP), read(WARNINGS)]);
  return { js, map, warnings: z.array(Problem).parse(JSON.parse(warnings)) };
}
