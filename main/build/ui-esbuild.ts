import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  build,
  version as esbuildVersion,
  type BuildOptions,
  type BuildResult,
  type Metafile,
} from 'esbuild';
import { z } from 'zod';
import { Problem } from '../../contract/index.ts';
import { StageFailure, type BuildRun, type Made } from './build-run.ts';
import { esbuildErrors, esbuildProblems } from './esbuild-problems.ts';
import { hashParts, readIfThere } from './files.ts';
import { rewritePage, type PageReference } from './html-page.ts';
import { hashInputs, InputList, inputsOf } from './inputs.ts';
import { portableMap } from './portable-map.ts';
import { planUi, SOURCE, type Page, type UiPlan } from './ui-plan.ts';

export interface BuiltUi {
  /** Folder in the cache that becomes `ui/` of the bundle. */
  readonly dir: string;
  /** Hash of what it was made from. */
  readonly key: string;
  /** What it depends on, where that is known without looking at everything. */
  readonly inputs?: InputList;
  readonly warnings: readonly Problem[];
}

/** Changes whenever the options below do: older results do not count then. */
const FORMAT = 'ui-2';
const FILES = 'ui';
const WARNINGS = 'warnings.json';
const OUT = 'dist/ui';

const Record = z.object({ entry: z.string(), inputs: InputList });

type Bundled = BuildResult<{ metafile: true; write: false }>;

/**
 * Bundles what the pages load and copies everything else; a folder that browsers take as it is, is copied whole.
 * All addresses stay relative, no source map is inline, NODE_ENV is production (spec/alga-ui-bridge.md 1.4, 1.5, 2.3).
 *
 * @param entry the page or script, relative to the project
 * @throws StageFailure with the problems at their place in the author's source
 */
export async function bundleUi(run: BuildRun, entry: string): Promise<Made<BuiltUi>> {
  const known = await run.records.read('ui', Record);
  if (known?.entry === entry) {
    const found = await run.artifacts.find('ui', await keyOf(run, entry, known.inputs));
    if (found !== undefined) return { value: await load(found, known.inputs), cached: true };
  }
  const plan = await planUi(run.folder, entry);
  const entries = entriesOf(plan);
  const bundled = (await needsBundling(run, plan, entries)) ? await bundle(run, entries) : undefined;
  const warnings = await esbuildProblems(run.folder, bundled?.warnings ?? [], 'warning');
  const pages = plan.pages.flatMap(page => [page.file, ...page.references.values()]);
  const metafile = bundled?.metafile ?? { inputs: {}, outputs: {} };
  const inputs = inputsOf(run.folder, metafile, [...plan.files, ...pages]);
  const key = await keyOf(run, entry, inputs);
  const made = await run.artifacts.create('ui', key, async staging => {
    const target = path.join(staging, FILES);
    await copyStatic(run.folder, plan, metafile, target);
    await writeBundled(run.folder, bundled, target);
    for (const page of plan.pages) await writePage(plan, page, entries, metafile, target);
    await writeFile(path.join(staging, WARNINGS), JSON.stringify(warnings));
  });
  await run.records.write('ui', { entry, inputs });
  return { value: await load(made, inputs), cached: false };
}

/** Source file to its output name without extension, both relative: to the project, to the UI's folder. */
type Entries = ReadonlyMap<string, string>;

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
async function needsBundling(run: BuildRun, plan: UiPlan, entries: Entries): Promise<boolean> {
  if (entries.size === 0) return false;
  if ([...entries.keys()].some(file => SOURCE.test(file) || !plan.files.includes(file))) return true;
  const { metafile } = await esbuild(run, entries, { packages: 'external' });
  return Object.entries(metafile.inputs).some(
    ([input, { imports }]) =>
      !/\.(?:m?js|css)$/.test(input) ||
      imports.some(each => (each.external ?? false) && !/^(?:[a-z]+:|\/\/)/.test(each.path)) ||
      (!input.endsWith('.css') && imports.some(each => !/\.m?js$/.test(each.path))),
  );
}

async function bundle(run: BuildRun, entries: Entries): Promise<Bundled> {
  return await esbuild(run, entries, { nodePaths: [run.toolchain.modulesDir] });
}

async function esbuild({ folder }: BuildRun, entries: Entries, options: BuildOptions): Promise<Bundled> {
  try {
    return await build({
      ...options,
      absWorkingDir: folder,
      entryPoints: [...entries].map(([input, out]) => ({ in: `./${input}`, out })),
      outdir: path.join(folder, OUT),
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

async function copyStatic(folder: string, plan: UiPlan, metafile: Metafile, target: string): Promise<void> {
  const pages = new Set(plan.pages.map(page => page.file));
  const bundling = Object.keys(metafile.outputs).length > 0;
  for (const file of plan.files) {
    if (pages.has(file) || file in metafile.inputs || (bundling && SOURCE.test(file))) continue;
    const to = path.join(target, path.posix.relative(plan.root, file));
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(path.join(folder, file), to);
  }
}

async function writeBundled(folder: string, bundled: Bundled | undefined, target: string): Promise<void> {
  for (const { path: file, contents, text } of bundled?.outputFiles ?? []) {
    const to = path.join(target, path.relative(path.join(folder, OUT), file));
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, file.endsWith('.map') ? portableMap(text, folder, path.dirname(file)) : contents);
  }
}

async function writePage(
  plan: UiPlan,
  page: Page,
  entries: Entries,
  metafile: Metafile,
  target: string,
): Promise<void> {
  const name = path.posix.relative(plan.root, page.file);
  const outputs = new Map(
    Object.entries(metafile.outputs).flatMap(([file, { entryPoint, cssBundle }]) =>
      entryPoint === undefined ? [] : [[entryPoint, { file, cssBundle }] as const],
    ),
  );
  const addressOf = (output: string): string => {
    const address = path.posix.relative(path.posix.join(OUT, path.posix.dirname(name)), output);
    return address.startsWith('.') ? address : `./${address}`;
  };
  const replacements = new Map<PageReference, string>();
  const styles = new Set<string>();
  for (const [reference, file] of page.references) {
    const output = entries.has(file) ? outputs.get(file) : undefined;
    if (!output) continue;
    const isModule = reference.kind !== 'script';
    // A TypeScript file comes out as a module, which the tag has to say.
    replacements.set(reference, addressOf(output.file) + (isModule ? '' : '" type="module'));
    if (reference.kind !== 'style' && output.cssBundle !== undefined) styles.add(output.cssBundle);
  }
  const headTags = [...styles].map(style => `<link rel="stylesheet" href="${addressOf(style)}" />\n`);
  const to = path.join(target, name);
  await mkdir(path.dirname(to), { recursive: true });
  await writeFile(to, rewritePage(page.html, replacements, headTags));
}

async function keyOf(run: BuildRun, entry: string, inputs: InputList): Promise<string> {
  const sources = await hashInputs(run.folder, inputs);
  return hashParts([FORMAT, esbuildVersion, run.toolchain.modulesDir, entry, sources]);
}

async function load(folder: string, inputs: InputList): Promise<BuiltUi> {
  const warnings = (await readIfThere(path.join(folder, WARNINGS))) ?? '[]';
  return {
    dir: path.join(folder, FILES),
    key: path.basename(folder),
    inputs,
    warnings: z.array(Problem).parse(JSON.parse(warnings)),
  };
}
