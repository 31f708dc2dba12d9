import { basename, join, resolve } from 'node:path';
import { WorkbenchError, type ProjectShape } from '../../contract/index.ts';
import { kindOf, readTextIfThere } from './files.ts';
import { isRecord, parseRecord } from './json.ts';
import { maskSource } from './scan/source.ts';

/** An extension's folder as it stands on disk at one moment. */
export interface Project {
  /** Absolute. */
  readonly folder: string;
  /** From the manifest, else package.json, else the folder's name. */
  readonly name: string;
  readonly manifestText: string | undefined;
  /** Undefined when it is missing or is not a JSON object. */
  readonly packageJson: Record<string, unknown> | undefined;
  readonly shape: ProjectShape;
  /** The file that exports `handler`, relative. */
  readonly handlerEntry?: string;
  /** The page, or the script it starts with when there is no page; relative. */
  readonly uiEntry?: string;
  /** The folder with the project's own component world, relative. */
  readonly witDir?: string;
}

/** The official command line's order (spec 11.2 rule 6), then the same names in JavaScript. */
const HANDLER_FILES = [
  'src/handler.ts',
  'src/index.ts',
  'handler.ts',
  'src/handler.js',
  'src/index.js',
  'handler.js',
];

const UI_FILES = [
  'ui/index.html',
  'src/ui/index.html',
  ...['src/ui', 'ui'].flatMap(folder =>
    ['main', 'index'].flatMap(name => ['tsx', 'ts', 'jsx', 'js'].map(type => `${folder}/${name}.${type}`)),
  ),
];

const WIT_FILES = ['wit/extension-runner.wit', 'wit/ext.wit'];

/**
 * Looks at an extension's folder: what it holds and how it would be built (spec 11.2).
 *
 * @param folder absolute, or relative to the working directory
 * @throws WorkbenchError `project.not-a-folder`; `project.no-manifest` when there is neither manifest.json nor
 *   package.json; `project.unreadable`
 */
export async function readProject(folder: string): Promise<Project> {
  const root = resolve(folder);
  if ((await kindOf(root)) !== 'folder')
    throw new WorkbenchError('project.not-a-folder', { details: { path: root } });
  const manifestText = await readTextIfThere(join(root, 'manifest.json'));
  const packageText = await readTextIfThere(join(root, 'package.json'));
  if (manifestText === undefined && packageText === undefined) {
    throw new WorkbenchError('project.no-manifest', { details: { path: root } });
  }
  const manifest = parseRecord(manifestText);
  const packageJson = parseRecord(packageText);
  const handlerEntry = await findHandler(root);
  const uiEntry = await findUi(root, packageJson);
  const witFile = await firstThere(root, WIT_FILES);
  const script = ownBuildScript(packageJson);
  return {
    folder: root,
    name: filled(manifest?.['name']) ?? filled(packageJson?.['name']) ?? basename(root),
    manifestText,
    packageJson,
    shape: {
      hasHandler: handlerEntry !== undefined,
      hasUi: uiEntry !== undefined || (await kindOf(join(root, 'ui'))) === 'folder',
      hasPackageJson: packageText !== undefined,
      ...(script !== undefined && { buildScript: script }),
    },
    ...(handlerEntry !== undefined && { handlerEntry }),
    ...(uiEntry !== undefined && { uiEntry }),
    ...(witFile !== undefined && { witDir: 'wit' }),
  };
}

/** `scripts.build`, when it is one that must be run rather than the official tool's own pipeline (spec 11.2 rule 5). */
function ownBuildScript(packageJson: Record<string, unknown> | undefined): string | undefined {
  const scripts = packageJson?.['scripts'];
  const build = isRecord(scripts) ? filled(scripts['build']) : undefined;
  return build?.includes('alga build') === true ? undefined : build;
}

async function findHandler(root: string): Promise<string | undefined> {
  for (const file of HANDLER_FILES) {
    // `index` is a name that a page's script may have as well.
    const certain = !file.startsWith('src/index');
    const text = await readTextIfThere(join(root, file));
    if (text !== undefined && (certain || exportsHandler(text))) return file;
  }
  return undefined;
}

function exportsHandler(text: string): boolean {
  const { code } = maskSource(text);
  return /\bexport\b[^;=]*\bhandler\b/.test(code) || /\bexport\s*\*\s*from\b/.test(code);
}

async function findUi(
  root: string,
  packageJson: Record<string, unknown> | undefined,
): Promise<string | undefined> {
  const found = await firstThere(root, UI_FILES);
  // Vite's page stands at the top of the project.
  return found ?? (usesVite(packageJson) ? await firstThere(root, ['index.html']) : undefined);
}

/** True when the project brings Vite itself. */
export function usesVite(packageJson: Record<string, unknown> | undefined): boolean {
  return ['dependencies', 'devDependencies'].some(group => {
    const packages = packageJson?.[group];
    return isRecord(packages) && packages['vite'] !== undefined;
  });
}

async function firstThere(root: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if ((await kindOf(join(root, file))) === 'file') return file;
  return undefined;
}

function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
