import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, version as esbuildVersion, type Metafile } from 'esbuild';
import { z } from 'zod';
import { Problem } from '../../contract/index.ts';
import type { BuildRun, Made } from './build-run.ts';
import { hashParts, readIfThere } from './files.ts';
import { rewritePage, type PageReference } from './html-page.ts';
import { hashInputs, InputList } from './inputs.ts';
import { portableMap } from './portable-map.ts';
import type { Page, UiPlan } from './ui-plan.ts';
import {
  copiedFiles,
  NOTHING,
  OUT,
  prepareUi,
  type Bundled,
  type Entries,
  type PreparedUi,
} from './ui-prepare.ts';

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

const Record = z.object({ entry: z.string(), inputs: InputList });

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
  const prepared = await prepareUi(run, entry, build);
  const { inputs, warnings } = prepared;
  const key = await keyOf(run, entry, inputs);
  const made = await run.artifacts.create('ui', key, async staging => {
    await writeUi(run.folder, prepared, path.join(staging, FILES));
    await writeFile(path.join(staging, WARNINGS), JSON.stringify(warnings));
  });
  await run.records.write('ui', { entry, inputs });
  return { value: await load(made, inputs), cached: false };
}

/** Writes a UI into a folder of its own. */
export async function writeUi(folder: string, ui: PreparedUi, target: string): Promise<void> {
  const { plan, entries, bundled } = ui;
  for (const file of copiedFiles(ui)) {
    const to = path.join(target, path.posix.relative(plan.root, file));
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(path.join(folder, file), to);
  }
  await writeBundled(folder, bundled, target);
  for (const page of plan.pages) await writePage(plan, page, entries, bundled?.metafile ?? NOTHING, target);
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
