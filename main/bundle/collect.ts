import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../../contract/index.ts';
import { needsComponent, parseManifest } from '../manifest/index.ts';
import { asWorkbenchError, codeOf } from './failures.ts';

/** One file of a bundle: its path in the archive (forward slashes) and where its bytes come from. */
export interface BundleEntry {
  readonly path: string;
  /** Absolute path of a file, or the bytes themselves. */
  readonly source: string | Uint8Array;
}

/** What goes in as it stands in the project, if it is there (spec 1.2 step 3). */
const COPIED = ['artifacts', 'precompiled', 'SIGNATURE', 'sbom.spdx.json'];

/** Where the component goes: the path the runner loads, and the copy kept for older consumers (spec 1.2 step 4). */
const COMPONENT_FOLDERS = ['dist', 'artifacts/component'] as const;
const COMPONENT_NAMES = { dist: 'main.wasm', 'artifacts/component': 'component.wasm' } as const;

/**
 * Lists what goes into an extension's bundle, by the staging rules of spec 1.2, but from what this build made rather
 * than from whatever lies in `dist`, so that a stale component is never shipped. An extension without endpoints needs
 * no component (spec 13.1). Hidden files are left out: no part of the platform ever serves them (spec 1.6).
 *
 * @param projectFolder absolute folder that holds manifest.json
 * @param built absolute path of the component file, and of the folder that becomes `ui/`
 * @returns entries with distinct paths, in no particular order
 * @throws WorkbenchError `bundle.missing-manifest`, `bundle.missing-component`, `bundle.unsupported-file`,
 *   `bundle.unreadable`, `manifest.invalid`
 */
export async function collectEntries(
  projectFolder: string,
  built: { component?: string; uiDir?: string },
): Promise<BundleEntry[]> {
  const entries = new Map<string, BundleEntry>();
  const put = (entry: BundleEntry) => entries.set(entry.path, entry);

  const manifest = await readManifest(projectFolder);
  put({ path: 'manifest.json', source: join(projectFolder, 'manifest.json') });
  if (manifest.needsComponent && built.component === undefined) {
    throw new WorkbenchError('bundle.missing-component');
  }
  const copied = [
    ...COPIED.map(name => [name, join(projectFolder, name)]),
    ['wit', join(projectFolder, 'wit')],
  ];
  if (built.uiDir !== undefined) copied.push(['ui', built.uiDir]);
  for (const [path = '', source = ''] of copied) {
    for (const entry of await collectTree(path, source)) put(entry);
  }
  if (built.component !== undefined) {
    for (const entry of await componentEntries(projectFolder, built.component)) put(entry);
  }
  return [...entries.values()];
}

async function readManifest(projectFolder: string): Promise<{ needsComponent: boolean }> {
  const file = join(projectFolder, 'manifest.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = codeOf(error) === 'ENOENT' ? 'bundle.missing-manifest' : 'bundle.unreadable';
    throw asWorkbenchError(error, code, { path: file });
  }
  const { manifest, problems } = parseManifest(text);
  if (manifest === undefined) throw new WorkbenchError('manifest.invalid', { details: { problems } });
  return { needsComponent: needsComponent(manifest) };
}

async function componentEntries(projectFolder: string, component: string): Promise<BundleEntry[]> {
  const metadata = await collectTree('component.json', join(projectFolder, 'dist', 'component.json'));
  return COMPONENT_FOLDERS.flatMap(folder => [
    { path: `${folder}/${COMPONENT_NAMES[folder]}`, source: component },
    ...metadata.map(({ path, source }) => ({ path: `${folder}/${path}`, source })),
  ]);
}

/** Every regular file at or below `source`; nothing when it does not exist. */
async function collectTree(path: string, source: string): Promise<BundleEntry[]> {
  let found;
  try {
    found = await lstat(source);
    if (found.isFile()) return [{ path, source }];
    if (!found.isDirectory()) throw unsupported(path, source);
    const children = await readdir(source, { withFileTypes: true });
    const trees = await Promise.all(
      children.filter(isVisible).map(child => collectTree(`${path}/${child.name}`, join(source, child.name))),
    );
    return trees.flat();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && found === undefined) return [];
    throw asWorkbenchError(error, 'bundle.unreadable', { path: source });
  }
}

function isVisible(child: Dirent): boolean {
  return !child.name.startsWith('.');
}

function unsupported(path: string, source: string): WorkbenchError {
  return new WorkbenchError('bundle.unsupported-file', {
    message: `${path} is a link or a special file; the platform would leave it out without a word.`,
    details: { path: source },
  });
}
