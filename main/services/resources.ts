import { homedir } from 'node:os';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Toolchain } from '../build/index.ts';

/** The files that come with the workbench, wherever it runs from. */
export interface Resources {
  /** Version of the workbench itself. */
  readonly version: string;
  readonly templatesDir: string;
  readonly witFile: string;
  /** The child that makes engine templates. */
  readonly templateWorker: string;
  /** The child that serves the pages of a project with the project's own Vite. */
  readonly pageServerWorker: string;
  /** The child that packs bundles and takes them in, behind what a person does. */
  readonly bundleWorker: string;
  /** Engine templates and compiled engines that were made ahead; see {@link prepareEngines}. May be missing. */
  readonly preparedDir: string;
  /** The native runner. */
  readonly addonPath: string;
  readonly hostPageDir: string;
  readonly toolchain: Toolchain;
}

const PackageJson = z.object({ version: z.string() });

/** WIT version that new components are built for (spec/alga-platform.md 3). */
const WIT_VERSION = '2026-08';

/** Resources below the root of a checkout or of the packaged application. */
export function resourcesAt(appRoot: string): Resources {
  // Tools, templates and native code are kept outside the packaged archive.
  const root = appRoot.replace(/app\.asar$/, 'app.asar.unpacked');
  const witDir = path.join(root, 'wit', 'alga-extension', WIT_VERSION);
  return {
    version: PackageJson.parse(JSON.parse(readFileSync(path.join(appRoot, 'package.json'), 'utf8'))).version,
    templatesDir: path.join(root, 'templates'),
    witFile: path.join(witDir, 'extension-runner.wit'),
    addonPath: path.join(root, 'native', 'binding', 'xwb-native.node'),
    templateWorker: path.join(root, 'out', 'main', 'template-child.js'),
    pageServerWorker: path.join(root, 'out', 'main', 'page-server-child.js'),
    bundleWorker: path.join(root, 'out', 'main', 'bundle-child.js'),
    preparedDir: path.join(root, 'out', 'engines'),
    hostPageDir: path.join(appRoot, 'out', 'renderer'),
    toolchain: {
      nodePath: process.execPath,
      // Electron's binary is a Node of its own when it is told so; tools never run in the window's process.
      nodeEnv: 'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {},
      modulesDir: path.join(root, 'node_modules'),
      witDir,
      componentizeWorker: path.join(root, 'out', 'main', 'componentize-child.js'),
    },
  };
}

/**
 * The one folder that holds all data: `--data-dir`, else `XWB_DATA_DIR`, else the platform's usual place.
 */
export function dataFolder(chosen: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  if (chosen !== undefined) return path.resolve(chosen);
  if (env['XWB_DATA_DIR']) return path.resolve(env['XWB_DATA_DIR']);
  if (process.platform === 'darwin') {
    return path.join(homedir(), 'Library', 'Application Support', 'Extension Workbench');
  }
  if (process.platform === 'win32') {
    return path.join(env['APPDATA'] ?? path.join(homedir(), 'AppData', 'Roaming'), 'Extension Workbench');
  }
  return path.join(env['XDG_DATA_HOME'] ?? path.join(homedir(), '.local', 'share'), 'extension-workbench');
}
