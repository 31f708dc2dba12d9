import path from 'node:path';
import type { BuildOptions, BuildResult, Metafile } from 'esbuild';
import type { Problem } from '../../contract/index.ts';
import { StageFailure, type BuildRun } from './build-run.ts';
import { esbuildErrors, esbuildProblems } from './esbuild-problems.ts';
import { inputsOf, type InputList } from './inputs.ts';
import { planUi, SOURCE, type UiPlan } from './ui-plan.ts';

/** Where the outputs of the bundler stand, relative to the project; nothing is written there by it. */
export const OUT = 'dist/ui';

export type Bundled = BuildResult<{ metafile: true; write: false }>;

/** Runs esbuild: once, as its own `build` does, or for the next time. */
export type RunEsbuild = (options: BuildOptions & { metafile: true; write: false }) => Promise<Bundled>;

/** A UI as it will be written. */
export interface PreparedUi {
  readonly plan: UiPlan;
  readonly entries: Entries;
  /** Absent when browsers take the pages as they are. */
  readonly bundled: Bundled | undefined;
  readonly inputs: InputList;
  readonly warnings: readonly Problem[];
}

/**
 * Finds out what the UI consists of and bundles it; nothing is written.
 *
 * @param entry the page or script, relative to the project
 * @throws StageFailure with the problems at their place in the author's source
 */
export async function prepareUi(run: BuildRun, entry: string, runEsbuild: RunEsbuild): Promise<PreparedUi> {
  const plan = await planUi(run.folder, entry);
  const entries = entriesOf(plan);
  const bundling = await needsBundling(run, plan, entries, runEsbuild);
  const bundled = bundling ? await bundle(run, entries, runEsbuild) : undefined;
  const pages = plan.pages.flatMap(page => [page.file, ...page.references.values()]);
  const metafile = bundled?.metafile ?? NOTHING;
  return {
    plan,
    entries,
    bundled,
    inputs: inputsOf(run.folder, metafile, [...plan.files, ...pages]),
    warnings: await esbuildProblems(run.folder, bundled?.warnings ?? [], 'warning'),
  };
}

/** The files of a UI that are taken as they are, relative to the project. */
export function copiedFiles({ plan, bundled }: PreparedUi): string[] {
  const { inputs, outputs } = bundled?.metafile ?? NOTHING;
  const pages = new Set(plan.pages.map(page => page.file));
  const bundling = Object.keys(outputs).length > 0;
  return plan.files.filter(file => !pages.has(file) && !(file in inputs) && !(bundling && SOURCE.test(file)));
}

/** The bundler's word on pages that it has nothing to do with. */
export const NOTHING: Metafile = { inputs: {}, outputs: {} };

/** Source file to its output name without extension, both relative: to the project, to the UI's folder. */
export type Entries = ReadonlyMap<string, string>;

function entriesOf(plan: UiPlan): Entries {
  const entries = new Map<string, string>();
  const taken = new Set<string>();
  const references = plan.pages.flatMap(page => [...page.references]);
  // Scripts come first: the styles that one imports come out under its name.
  for (const styles of [false, true]) {
    for (const [{ kind }, file] of references) {
      // A classic script shares its globals with the page: it stays as it is.
      const classic = kind === 'script' && !SOURCE.test(file);
      if ((kind === 'style') !== styles || classic || entries.has(file)) continue;
      const inside = path.posix.relative(plan.root, file);
      const base = inside.startsWith('..') ? `assets/${path.posix.basename(file)}` : inside;
      const name = base.replace(/\.[^./]+$/, '');
      const free = [name, `${name}.page`, `${name}.${entries.size}`].find(each => !taken.has(each)) ?? name;
      taken.add(free);
      entries.set(file, free);
    }
  }
  return entries;
}

/** Whether any entry is in a language, or imports something, that a browser does not take as it is. */
async function needsBundling(
  run: BuildRun,
  plan: UiPlan,
  entries: Entries,
  runEsbuild: RunEsbuild,
): Promise<boolean> {
  if (entries.size === 0) return false;
  if ([...entries.keys()].some(file => SOURCE.test(file) || !plan.files.includes(file))) return true;
  const { metafile } = await esbuild(run, entries, runEsbuild, { packages: 'external' });
  return Object.entries(metafile.inputs).some(
    ([input, { imports }]) =>
      !/\.(?:m?js|css)$/.test(input) ||
      imports.some(each => (each.external ?? false) && !/^(?:[a-z]+:|\/\/)/.test(each.path)) ||
      (!input.endsWith('.css') && imports.some(each => !/\.m?js$/.test(each.path))),
  );
}

async function bundle(run: BuildRun, entries: Entries, runEsbuild: RunEsbuild): Promise<Bundled> {
  return await esbuild(run, entries, runEsbuild, { nodePaths: [run.toolchain.modulesDir] });
}

async function esbuild(
  { folder }: BuildRun,
  entries: Entries,
  runEsbuild: RunEsbuild,
  options: Pick<BuildOptions, 'packages' | 'nodePaths'>,
): Promise<Bundled> {
  try {
    return await runEsbuild({
      ...FIXED,
      ...options,
      absWorkingDir: folder,
      entryPoints: [...entries].map(([input, out]) => ({ in: `./${input}`, out })),
      outdir: path.join(folder, OUT),
    });
  } catch (error) {
    const errors = esbuildErrors(error);
    if (!errors) throw error;
    throw new StageFailure(await esbuildProblems(folder, errors, 'error'));
  }
}

const ASSETS = Object.fromEntries(
  ['png', 'jpg', 'jpeg', 'webp', 'gif', 'svg', 'woff', 'woff2', 'ttf'].map(type => [
    `.${type}`,
    'file' as const,
  ]),
);

const FIXED = {
  write: false,
  metafile: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  minify: true,
  sourcemap: 'linked',
  legalComments: 'eof',
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  loader: ASSETS,
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'silent',
} as const satisfies BuildOptions;
