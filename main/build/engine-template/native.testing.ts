import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT, toolchain } from '../projects.testing.ts';
import type { EngineMaker } from './engine.testing.ts';
import type { NativeBuilder, NativeBuilding, NativeCancelToken } from './native.ts';
import { createEngineTemplates, type EngineTemplates } from './templates.ts';

/** The parts of the addon that the tests of this folder use. */
export interface Addon {
  readonly Builder: { create(cacheDir: string): NativeBuilder };
  readonly CancelToken: new () => NativeCancelToken;
  readonly Engine: EngineMaker;
}

export const TEMPLATE_WORKER = path.join(import.meta.dirname, '..', 'template-child.ts');

export const ADDON_FILE = path.join(ROOT, 'native', 'binding', 'xwb-native.node');

/** Loads the addon of this checkout. */
export function loadAddon(): Addon {
  return createRequire(import.meta.url)(ADDON_FILE) as Addon;
}

/** What the rooms are handed of the addon. */
function nativeBuilding(addon: Addon, cacheDir: string): NativeBuilding {
  return {
    builder: addon.Builder.create(path.join(compiledIn(cacheDir), 'builder')),
    cancelToken: () => new addon.CancelToken(),
  };
}

/** Builder and engine share one folder of compiled code, as in the workbench. */
function compiledIn(cacheDir: string): string {
  return path.join(cacheDir, 'compiled');
}

/** What gets templates in a folder, made by the real tool and the real addon. */
export interface TemplatesIn {
  readonly addon: Addon;
  readonly native: NativeBuilding;
  readonly templates: EngineTemplates;
}

export function createTemplatesIn(cacheDir: string): TemplatesIn {
  const addon = loadAddon();
  const native = nativeBuilding(addon, cacheDir);
  const templates = createEngineTemplates({ cacheDir, toolchain, worker: TEMPLATE_WORKER, native });
  return { addon, native, templates };
}

/** Templates made by the real tool and the real addon. */
export interface TemplateShop extends TemplatesIn {
  /** A temporary folder for this shop alone. */
  readonly cacheDir: string;
  /** Folder of the templates. */
  readonly templatesDir: string;
  /** Where compiled code goes. */
  readonly compiledDir: string;
  dispose(): Promise<void>;
}

/** Making and compiling a template takes 20 s: test files share it, and later runs do. */
export const SHARED = path.join(ROOT, 'node_modules', '.cache', 'xwb-tests');

/** @param fresh make everything anew, to see how long that takes */
export async function createTemplateShop(fresh = false): Promise<TemplateShop> {
  const cacheDir = await mkdtemp(path.join(tmpdir(), 'engine template-'));
  const lasting = fresh ? cacheDir : SHARED;
  const made = createTemplatesIn(lasting);
  return {
    ...made,
    cacheDir,
    templatesDir: path.join(lasting, 'engine-template'),
    compiledDir: compiledIn(lasting),
    async dispose() {
      await made.templates.close();
      await rm(cacheDir, { recursive: true, force: true });
    },
  };
}
