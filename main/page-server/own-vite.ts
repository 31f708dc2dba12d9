import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ownVite, viteConfig } from '../build/index.ts';
import { readProject, usesVite } from '../project/index.ts';

/** What decides whether {@link hasPageServer} holds; paths relative to the project. */
export const DECIDING = /^(?:package(?:-lock)?\.json|vite\.config\.[cm]?[jt]s)$/;

const PackageJson = z.record(z.string(), z.unknown());

/**
 * Whether a project brings its own Vite: named in its package.json, installed, with a configuration and a page for it.
 *
 * @throws WorkbenchError `project.*` when the folder is no project
 */
export async function hasPageServer(folder: string): Promise<boolean> {
  // Each save asks, of each project, and most have none.
  if (!(await namesVite(folder))) return false;
  const { uiEntry, shape } = await readProject(folder);
  // A script of its own makes everything, pages included.
  if (uiEntry?.endsWith('.html') !== true || shape.buildScript !== undefined) return false;
  return (await viteConfig(folder)) !== undefined && (await ownVite(folder)) !== undefined;
}

async function namesVite(folder: string): Promise<boolean> {
  try {
    const text = await readFile(path.join(folder, 'package.json'), 'utf8');
    return usesVite(PackageJson.parse(JSON.parse(text)));
  } catch {
    // What is wrong with it is for the check of the project to say.
    return false;
  }
}
