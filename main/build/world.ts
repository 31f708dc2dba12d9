import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Toolchain } from './options.ts';
import { readIfThere } from './files.ts';

/** The component world that a handler is built for. */
export interface World {
  readonly wit: string;
  /** Path relative to the project when the project brings its own WIT. */
  readonly ownFile?: string;
  /** Names of the interfaces the world imports (`storage`); empty when they could not be told. */
  readonly interfaces: readonly string[];
}

/** Where the official command line looks for a project's WIT (spec/alga-platform.md 11.2 rule 6). */
const OWN_FILES = ['wit/extension-runner.wit', 'wit/ext.wit'];

/** World that every extension exports its handler from (spec 3.1). */
export const WORLD_NAME = 'runner';

/** The project's own WIT when it has one, else the workbench's. */
export async function readWorld(folder: string, toolchain: Toolchain): Promise<World> {
  for (const ownFile of OWN_FILES) {
    const wit = await readIfThere(path.join(folder, ownFile));
    if (wit !== undefined) return { wit, ownFile, interfaces: importsOf(wit) };
  }
  return await platformWorld(toolchain);
}

/** The world of the platform itself, as the workbench brings it. */
export async function platformWorld(toolchain: Toolchain): Promise<World> {
  const names = (await readdir(toolchain.witDir)).filter(name => name.endsWith('.wit')).sort();
  const texts = await Promise.all(names.map(name => readIfThere(path.join(toolchain.witDir, name))));
  const wit = texts.join('\n');
  return { wit, interfaces: importsOf(wit) };
}

function importsOf(wit: string): string[] {
  const text = wit.replace(/\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');
  const start = text.search(new RegExp(`\\bworld\\s+${WORLD_NAME}\\s*\\{`));
  if (start === -1) return [];
  const imports = text.slice(start).matchAll(/\bimport\s+(?:alga:extension\/)?([a-z][a-z0-9-]*)\s*;/g);
  return [...imports].flatMap(([, name]) => (name === undefined ? [] : [name]));
}
